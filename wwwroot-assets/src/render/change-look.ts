// How changes are drawn: colours that diverge, a hatch on what was added, an outline around what was removed.
import type { Palette } from '../lib/palette.ts'
import { DiffColour } from '../lib/diff-palette.ts'
import type { RegionTable } from '../lib/region-table.ts'
import type { RegionTree } from '../lib/region-tree.ts'

/** '' is none; absent is what is not there on the side that is shown. */
export type Mark = '' | 'added' | 'removed' | 'absent'

/** A box in two parts: the lower share of it in one colour, the rest in another. Colours are places in the palette. */
export interface ChangeLook {
  readonly colour: number
  readonly rest: number
  /** 0 to 1. */
  readonly share: number
  readonly mark: Mark
}

export interface NodeChanges {
  /** A region, or a subtree that is drawn as one box. */
  leaf(tree: RegionTree, node: number): ChangeLook
  /** What stands beside a name: a signed difference, or a size. */
  text(tree: RegionTree, node: number): string
}

export interface RowChanges {
  row(table: RegionTable, row: number): ChangeLook
  text(table: RegionTable, row: number): string
}

/** A box with a mark, in device pixels. */
export interface MarkedBox { readonly mark: Mark, readonly left: number, readonly top: number, readonly right: number, readonly bottom: number }

/** Smaller boxes carry none: a hatch would hide their colour. In CSS pixels. */
const smallest = 5

/** Draws the marks over the boxes. */
export function drawChangeMarks(boxes: readonly MarkedBox[], context: CanvasRenderingContext2D, palette: Palette, ratio: number): void {
  if (boxes.length === 0) return
  const hatch = context.createPattern(stripes(palette, ratio), 'repeat')
  const line = Math.max(1, Math.round(2 * ratio))
  for (const { mark, left, top, right, bottom } of boxes) {
    const width = right - left
    const height = bottom - top
    if (width < smallest * ratio || height < smallest * ratio) continue
    if (mark === 'added') {
      if (hatch === null) continue
      context.fillStyle = hatch
      context.fillRect(left, top, width, height)
      continue
    }
    context.strokeStyle = palette.css[mark === 'removed' ? DiffColour.shrinkage : DiffColour.changed]
    context.lineWidth = mark === 'removed' ? line : Math.max(1, Math.round(ratio))
    context.setLineDash(mark === 'removed' ? [] : [3 * ratio, 3 * ratio])
    const inset = context.lineWidth / 2
    context.strokeRect(left + inset, top + inset, width - context.lineWidth, height - context.lineWidth)
  }
  context.setLineDash([])
}

/** Thin diagonals of the surface's colour, which seen on the growth's are stripes. */
function stripes(palette: Palette, ratio: number): OffscreenCanvas {
  const size = Math.max(6, Math.round(7 * ratio))
  const tile = new OffscreenCanvas(size, size)
  const context = tile.getContext('2d')
  if (context === null) return tile
  context.strokeStyle = palette.surface
  context.globalAlpha = 0.45
  context.lineWidth = Math.max(1, ratio)
  context.beginPath()
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1)
    context.lineTo(shift + size + 1, -1)
  }
  context.stroke()
  return tile
}
