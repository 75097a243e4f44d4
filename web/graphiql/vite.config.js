import { defineConfig } from 'vite';

/** The page is served at …/graphql and its files below …/graphql/assets/, whatever stands in front of both. */
const fileUrl = (name, { hostType }) => (hostType === 'html' ? `graphql/${name}` : { relative: true });

export default defineConfig({
  // React's JSX by Vite's own compiler: no plugin is needed without hot reloading.
  oxc: { jsx: { runtime: 'automatic' } },
  experimental: { renderBuiltUrl: fileUrl },
  build: {
    outDir: '../../assets/graphiql',
    assetsDir: 'assets',
    emptyOutDir: true,
    sourcemap: false,
    // What is committed is other people's code too: their licences travel with it.
    license: { fileName: 'assets/licenses.md' },
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
  },
  worker: { format: 'es' },
});
