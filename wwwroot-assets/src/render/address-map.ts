// Draws the address map. Device pixels throughout.
import { pageAtPoint, rowAtPoint } from '../lib/address-axis.ts'
import { Category, type Hex } from '../lib/colours.ts'
import { formatBytes, formatPageAddress } from '../lib/format.ts'
import type { MapScene } from '../lib/map-scene.ts'
import { type Palette, Shade, dimmed, lineColour } from '../lib/palette.ts'
import { protectionText } from '../lib/protection.ts'
import { rowName } from '../lib/region-names.ts'
import type { Platform } from '../lib/region-table.ts'
import { type MarkedBox, type RowChanges, drawChangeMarks } from './change-look.ts'
import type { Fonts } from './fonts.ts'
import type { Painter } from './painter.ts'

export interface MapPicture {
  readonly scene: MapScene
  readonly width: number
  readonly height: number
  readonly ratio: number
  readonly rowColours: Uint8Array
  /** The figure that fills the boxes: a box is full when it is all of the size. */
  readonly fill: Float64Array
  /** True when boxes are coloured by category: then what the figure leaves empty is the pale shade. */
  readonly hasPale: boolean
  readonly palette: Palette
  readonly muted: Hex
  readonly platform: Platform
  /** Of a comparison: how rows are drawn instead. */
  readonly changes?: RowChanges | undefined
}

interface Label {
  readonly row: number
  readonly colour: number
  /** True when the text crosses what is filled and what is not. */
  readonly isMixed: boolean
  readonly left: number
  readonly right: number
  readonly top: number
}

const paleOf = (colour: number): number => colour >= dimmed ? dimmed + ((colour - dimmed) >> 2 << 2 | Shade.pale) : (colour >> 2 << 2 | Shade.pale)

/** Draws lines of boxes, then texts, and returns how many boxes there were. */
export function drawMap(picture: MapPicture, painter: Painter, context: CanvasRenderingContext2D, fonts: Fonts): number {
  const { scene, rowColours, fill, palette, ratio } = picture
  const { axis, grid, offset } = scene
  const { table, isMark } = axis
  const { category } = table.columns
  const size = table.metric('size')
  const gap = Math.max(1, Math.round(ratio))
  const end = Math.min(axis.length, offset + grid.width * grid.lines)
  const thread = 2 * gap
  let count = 0
  const labels: Label[] = []
  const marked: MarkedBox[] = []
  const marks: { row: number, left: number, right: number, top: number }[] = []
  painter.begin(palette)
  let row = rowAtPoint(axis, offset)
  // Several rows may share a pixel; the first one that reaches into it has it, and those that end before the next one are passed by.
  let nextPixel = -Infinity
  let next = row < 0 ? 0 : axis.startOf(row)
  for (; row >= 0 && row < table.count && next < end; row++) {
    const start = next
    next = axis.startOf(row + 1)
    if (next - offset < nextPixel) continue
    const from = Math.max(0, start - offset)
    const to = Math.min(grid.width * grid.lines, next - offset)
    const isGapRow = category[row] === Category.free || category[row] === Category.unusable
    let isLabelled = false
    for (let line = Math.floor(from / grid.width); line < grid.lines && line * grid.width < to; line++) {
      const isFirst = line * grid.width <= from
      const left = grid.left + Math.round(Math.max(0, from - line * grid.width))
      let right = grid.left + Math.round(Math.min(grid.width, to - line * grid.width))
      const top = grid.top + line * grid.pitch
      const bottom = top + grid.lineHeight
      if (right <= left) continue
      nextPixel = line * grid.width + right - grid.left + 0.5
      if (isGapRow) {
        // Free space is a thread between the boxes; below its size where that fits.
        const isRoomy = right - left > 24 * ratio
        const y = isRoomy ? bottom - thread : Math.round((top + bottom - thread) / 2)
        painter.rect(left, y, right, y + thread, lineColour)
        count++
        if (isRoomy) marks.push({ row, left, right, top })
        continue
      }
      if (right - left > 3 * gap) right -= gap
      const change = picture.changes?.row(table, row)
      const colour = change?.colour ?? rowColours[row]
      const pale = change?.rest ?? paleOf(colour)
      count++
      const share = change?.share ?? (size[row] > 0 ? Math.min(1, fill[row] / size[row]) : 0)
      if (change !== undefined && change.mark !== '') marked.push({ mark: change.mark, left, top, right, bottom })
      if (share >= 1 || !picture.hasPale) {
        painter.rect(left, top, right, bottom, colour)
      } else {
        const filled = share > 0 ? Math.max(gap, Math.round(share * grid.lineHeight)) : 0
        if (filled < grid.lineHeight) painter.rect(left, top, right, bottom - filled, pale)
        if (filled > 0) painter.rect(left, bottom - filled, right, bottom, colour)
      }
      if (!isLabelled && right - left > 30 * ratio) {
        isLabelled = true
        labels.push({ row, colour: share > 0.5 || !picture.hasPale ? colour : pale, isMixed: share > 0.2 && share < 0.8 && picture.hasPale, left, right, top })
      }
      if (isMark[row] === 1 && isFirst) marks.push({ row, left, right, top })
    }
  }
  painter.end()
  drawChangeMarks(marked, context, palette, ratio)
  drawMarks(picture, marks, context, fonts)
  drawTexts(picture, labels, context, fonts)
  drawGutter(picture, context, fonts)
  return count
}

/** The sizes of free space, and breaks in the reservations that are cut short. */
function drawMarks(picture: MapPicture, marks: readonly { row: number, left: number, right: number, top: number }[], context: CanvasRenderingContext2D, fonts: Fonts): void {
  const { scene: { axis: { table }, grid }, ratio, palette, muted } = picture
  const { category } = table.columns
  const size = table.metric('size')
  context.textBaseline = 'middle'
  context.textAlign = 'center'
  context.font = fonts.small.font
  for (const { row, left, right, top } of marks) {
    if (category[row] !== Category.free && category[row] !== Category.unusable) {
      const x = Math.round((left + right) / 2)
      context.fillStyle = palette.surface
      for (const shift of [-2, 2]) context.fillRect(x + Math.round(shift * ratio), top, Math.max(1, Math.round(ratio)), grid.lineHeight)
      continue
    }
    const text = formatBytes(size[row])
    if (fonts.small.width(text) + 2 * ratio > right - left) continue
    context.fillStyle = muted
    context.fillText(text, (left + right) / 2, Math.round(top + grid.lineHeight / 2))
  }
}

function drawTexts(picture: MapPicture, labels: readonly Label[], context: CanvasRenderingContext2D, fonts: Fonts): void {
  const { scene: { axis: { table }, grid }, ratio, palette, platform } = picture
  const { base, category, protection } = table.columns
  const size = table.metric('size')
  const pad = Math.round(4 * ratio)
  context.textAlign = 'left'
  // The first box of an allocation with room for it has its name; the others say how they differ.
  let named = -1
  for (const { row, colour, isMixed, left, right, top } of labels) {
    const room = right - left - 2 * pad
    const isLater = named >= 0 && base[row] === base[named] && category[row] === category[named] && table.detail(row) === table.detail(named)
    const name = isLater ? protectionText(protection[row], platform) : rowName(table, row)
    const isCode = isLater || name.startsWith('0x')
    const font = isCode ? fonts.mono : fonts.label
    const text = font.fitName(name, room)
    if (text === '' || isCode && text !== name) continue
    named = row
    const y = Math.round(top + grid.lineHeight / 2)
    context.font = font.font
    if (isMixed) {
      // A rim of the box's own colour, so that the text reads on both halves.
      context.strokeStyle = palette.css[colour]
      context.lineWidth = 3 * ratio
      context.lineJoin = 'round'
      context.strokeText(text, left + pad, y)
    }
    context.fillStyle = palette.text[colour]
    context.fillText(text, left + pad, y)
    const bytes = picture.changes?.text(table, row) ?? formatBytes(size[row])
    const used = font.width(text) + 7 * ratio
    if (isMixed || text !== name || used + fonts.label.width(bytes) > room) continue
    context.font = fonts.label.font
    context.globalAlpha = 0.75
    context.fillText(bytes, left + pad + used, y)
    context.globalAlpha = 1
  }
}

/** The address at which each line begins. */
function drawGutter(picture: MapPicture, context: CanvasRenderingContext2D, fonts: Fonts): void {
  const { scene: { axis, grid, offset }, ratio, muted } = picture
  if (grid.left < 60 * ratio) return
  context.font = fonts.mono.font
  context.fillStyle = muted
  context.textAlign = 'right'
  for (let line = 0; line < grid.lines; line++) {
    const point = offset + line * grid.width
    if (point >= axis.length) break
    context.fillText(formatPageAddress(pageAtPoint(axis, point)), grid.left - 8 * ratio, Math.round(grid.top + line * grid.pitch + grid.lineHeight / 2))
  }
  context.textAlign = 'left'
}
