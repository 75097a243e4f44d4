import type { DataSource } from 'typeorm';
import type { CatalogService } from '../catalog';
import { SliceAreaService } from './area.service';
import { SliceDeviceService } from './device.service';
import { SliceOfferingService } from './slice-offering.service';

/** What this room offers to resolvers, the command line and the seeds. */
export interface SliceServices {
  readonly sliceOfferings: SliceOfferingService;
  readonly sliceAreas: SliceAreaService;
  readonly sliceDevices: SliceDeviceService;
}

declare module '../context' {
  interface Services extends SliceServices {}
}

export const createSliceServices = (data: DataSource, catalog: CatalogService): SliceServices => ({
  sliceOfferings: new SliceOfferingService(data, catalog), sliceAreas: new SliceAreaService(data), sliceDevices: new SliceDeviceService(data),
});
