// What the page asks of a flame graph; all of it is in the page's address.
import type { Theme } from '../lib/colours.ts'
import { type Figure, figures } from './call-tree.ts'
import type { FlameColour } from './colours.ts'

export interface FlameState {
  /** What the width of a box is. */
  readonly figure: Figure
  readonly colour: FlameColour
  readonly search: string
  /** A token (tokens.ts), or ''. */
  readonly selection: string
  /** The token of what fills the width, or ''. */
  readonly zoom: string
  readonly paused: boolean
  readonly theme: Theme
  /** Whether callers stand below what they call. */
  readonly bottomUp: boolean
}

export const defaultFlameState: FlameState = {
  figure: 'liveBytes', colour: 'module', search: '', selection: '', zoom: '', paused: false, theme: 'light', bottomUp: false,
}

const allowed: { readonly [K in keyof FlameState]?: readonly FlameState[K][] } = { figure: figures, colour: ['module', 'growth'], theme: ['light', 'dark'] }

/** The state with what a page changes. Addresses are pasted and edited, so what is no state of a key is left out. */
export function changeFlame(state: FlameState, partial: Partial<Record<keyof FlameState, unknown>>): FlameState {
  const next: Record<string, unknown> = { ...state }
  for (const key of Object.keys(defaultFlameState) as (keyof FlameState)[]) {
    const value = partial[key]
    if (typeof value !== typeof defaultFlameState[key]) continue
    const choices = allowed[key] as readonly unknown[] | undefined
    if (choices === undefined || choices.includes(value)) next[key] = value
  }
  return next as unknown as FlameState
}
