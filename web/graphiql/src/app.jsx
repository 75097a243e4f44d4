import { useMemo, useState } from 'react';
import { GraphiQL } from 'graphiql';
import { createFetcher } from './fetcher.js';
import { exampleTabs } from './examples.js';
import { TokenField } from './token-field.jsx';
import { readToken, writeToken } from './token-store.js';

/** GraphiQL with a token field. A new token makes a new fetcher, and GraphiQL then reads the schema again. */
export function App() {
  const [token, setToken] = useState(readToken);
  const [tabs] = useState(() => exampleTabs(Date.now()));
  const fetcher = useMemo(() => createFetcher(window.location, token), [token]);
  const keep = (value) => {
    writeToken(value);
    setToken(value);
  };
  return (
    <GraphiQL fetcher={fetcher} defaultTabs={tabs} isHeadersEditorEnabled={false} shouldPersistHeaders={false}
      showPersistHeadersSettings={false} defaultEditorToolsVisibility="variables">
      <GraphiQL.Logo>
        <TokenField token={token} onChange={keep} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}
