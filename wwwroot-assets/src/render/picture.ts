// What the treemap and the address map have in common for the view that shows them. Places are device pixels.
import type { Description } from '../lib/describe.ts'
import type { Theme } from '../lib/colours.ts'
import type { Palette } from '../lib/palette.ts'
import type { Metric, Platform, RegionTable } from '../lib/region-table.ts'
import type { Box } from '../lib/treemap-scene.ts'
import type { Fonts } from './fonts.ts'
import type { Painter } from './painter.ts'

/** All that a picture is made of besides its size and zoom. */
export interface PictureInput {
  readonly table: RegionTable
  readonly platform: Platform
  readonly area: Metric
  readonly showFree: boolean
  readonly rowColours: Uint8Array
  readonly isCategoryDimmed: readonly boolean[]
  readonly palette: Palette
  readonly isColouredByCategory: boolean
  readonly theme: Theme
}

/** A thing in the picture: its token, and what there is to say about it when asked. */
export interface Hit {
  readonly token: string
  describe(): Description
}

/** A part of the path from the whole to what fills the canvas. */
export interface Crumb {
  readonly name: string
  readonly size: number
  readonly token: string
}

export type Arrow = 'left' | 'right' | 'up' | 'down'

export interface Picture {
  setInput(input: PictureInput): void
  resize(width: number, height: number, ratio: number): void
  /** Draws and returns how many boxes there were; `now` drives animations. */
  draw(painter: Painter, context: CanvasRenderingContext2D, fonts: Fonts, now: number): number
  readonly isAnimating: boolean
  /** True when there is nothing to draw. */
  readonly isEmpty: boolean
  /** What is at a place; null for nothing. */
  hit(x: number, y: number): Hit | null
  /** A thing by its token; null when it is not in the data. */
  find(token: string): Hit | null
  /** Where a token's things are now; at most a few hundred boxes. */
  boxesOf(token: string): readonly Box[]
  /** The token an arrow key leads to. */
  move(token: string, arrow: Arrow): string
  /** Closer by a factor, with the place kept where it is. */
  zoomAt(x: number, y: number, factor: number): void
  pan(dx: number, dy: number): void
  zoomToBox(box: Box): void
  /** Makes a thing fill the canvas where that makes sense; false when it does not. */
  enter(token: string): boolean
  /** One step out; false when all is seen already. */
  back(): boolean
  /** Shows everything of what is entered. */
  fit(): void
  readonly isFitted: boolean
  /** What is entered: part of the page's address. */
  zoomToken: string
  readonly crumbs: readonly Crumb[]
}
