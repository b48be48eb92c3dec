// What a panel shows: its pictures, and all about them that differs between the regions of a process and the changes of a comparison.
import type { LegendEntry } from '../lib/palette.ts'
import type { Platform, RegionTable } from '../lib/region-table.ts'
import type { ViewState } from '../lib/view-state.ts'
import type { Picture, PictureInput } from './picture.ts'

/** What there is to show. */
export interface Shown {
  /** Tells one moment from another. */
  readonly sequence: number
  readonly platform: Platform
  readonly table: RegionTable
}

export interface PanelSubject {
  readonly pictures: Readonly<Record<ViewState['view'], Picture>>
  /** What the state's picture is made of, and what its colours mean. */
  paint(shown: Shown, state: ViewState): { readonly input: PictureInput, readonly legend: readonly LegendEntry[] }
  /** The picture in words. */
  summary(shown: Shown, state: ViewState): string
  /** Why the picture is empty, and what to do. */
  emptyText(shown: Shown, state: ViewState): string
}

/** Whether the person allows movement. */
export const allowsMotion = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches
