// What the page asks of the pictures; all of it is in the page's address.
import type { Theme } from './colours.ts'
import { type ColourMode, areaMetrics } from './palette.ts'
import type { Metric, Platform } from './region-table.ts'

export interface ViewState {
  readonly view: 'treemap' | 'map'
  /** The treemap's areas and the map's fill. */
  readonly area: Metric
  readonly colour: ColourMode
  readonly filter: string
  /** A category's name, or ''. */
  readonly category: string
  /** A token (token.ts), or ''. */
  readonly selection: string
  readonly zoom: string
  readonly showFree: boolean
  readonly paused: boolean
  readonly theme: Theme
  readonly platform: Platform
  /** Of a comparison: what the colours show. */
  readonly side: Side
  /** Of a comparison: the area of a box is the larger of before and after, or what changed. */
  readonly boxes: 'both' | 'change'
}

export type Side = 'before' | 'difference' | 'after'

export const defaultState: ViewState = {
  view: 'treemap', area: 'totalWs', colour: 'category', filter: '', category: '', selection: '', zoom: '', showFree: false, paused: false, theme: 'light', platform: 'linux',
  side: 'difference', boxes: 'both',
}

const allowed: { readonly [K in keyof ViewState]?: readonly ViewState[K][] } = {
  view: ['treemap', 'map'],
  area: areaMetrics,
  colour: ['category', 'protection', 'residency'],
  theme: ['light', 'dark'],
  platform: ['linux', 'windows'],
  side: ['before', 'difference', 'after'],
  boxes: ['both', 'change'],
}

/** The state with what a page changes. Addresses are pasted and edited, so what is no state of a key is left out. */
export function change(state: ViewState, partial: Partial<Record<keyof ViewState, unknown>>): ViewState {
  const next: Record<string, unknown> = { ...state }
  for (const key of Object.keys(defaultState) as (keyof ViewState)[]) {
    const value = partial[key]
    if (typeof value !== typeof defaultState[key]) continue
    const choices = allowed[key] as readonly unknown[] | undefined
    if (choices === undefined || choices.includes(value)) next[key] = value
  }
  return next as unknown as ViewState
}
