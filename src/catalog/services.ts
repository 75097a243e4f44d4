import type { CatalogService } from './catalog.service';

declare module '../context' {
  interface Services {
    readonly catalog: CatalogService;
  }
}
