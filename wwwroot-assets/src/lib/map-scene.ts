// The address axis wrapped into rows, like lines of text. Device pixels.
import { type AddressAxis, type AxisParts, makeAxis, pageAtPoint, pointOfPage, rowAtPoint } from './address-axis.ts'
import { formatPageAddress, parsePageAddress } from './format.ts'
import type { Box } from './treemap-scene.ts'

/** Where the lines are on the canvas. */
export interface MapGrid {
  readonly left: number
  readonly top: number
  /** Pixels of axis on a line. */
  readonly width: number
  readonly pitch: number
  readonly lineHeight: number
  readonly lines: number
}

export interface MapScene {
  readonly axis: AddressAxis
  readonly grid: MapGrid
  /** The point of the axis where the first line begins. */
  readonly offset: number
}

/** In CSS pixels: a line, the space below it, and the column of addresses on the left (none on a narrow screen). */
const lineHeight = 18
const lineGap = 4
const gutter = 106
const gutterFrom = 560

export function makeGrid(width: number, height: number, ratio: number): MapGrid {
  const pitch = Math.round((lineHeight + lineGap) * ratio)
  const hasGutter = width >= gutterFrom * ratio
  const left = Math.round((hasGutter ? gutter : 4) * ratio)
  const lines = Math.max(1, Math.floor((height - 4 * ratio) / pitch))
  // What is left over is shared by the lines, so that the map fills its place.
  const stretched = Math.min(Math.floor((height - 4 * ratio) / lines), Math.round(34 * ratio))
  return { left, top: Math.round(4 * ratio), width: Math.max(1, width - left - Math.round(4 * ratio)), pitch: stretched, lineHeight: stretched - Math.round(lineGap * ratio), lines }
}

/** Pixels of axis that are on the canvas at once. */
export const visibleLength = (grid: MapGrid): number => grid.width * grid.lines

/** The scene at a zoom (1 shows everything) that begins at a point of the axis, both brought inside their bounds. */
export function makeScene(parts: AxisParts, grid: MapGrid, zoom: number, offset: number, ratio: number): MapScene {
  const axis = makeAxis(parts, visibleLength(grid) * zoom, ratio)
  return { axis, grid, offset: Math.min(Math.max(0, offset), Math.max(0, axis.length - visibleLength(grid))) }
}

/** The point of the axis under a place of the canvas; outside the lines, the nearest one of the same line. */
export function pointAt(scene: MapScene, x: number, y: number): number {
  const { left, top, width, pitch, lines } = scene.grid
  const line = Math.min(lines - 1, Math.max(0, Math.floor((y - top) / pitch)))
  return scene.offset + line * width + Math.min(Math.max(0, x - left), width - 1e-6)
}

/** The row under a place of the canvas; -1 between the lines and where nothing is. */
export function mapHit(scene: MapScene, x: number, y: number): number {
  const { left, top, width, pitch, lineHeight: height, lines } = scene.grid
  const line = Math.floor((y - top) / pitch)
  if (x < left || x >= left + width || line < 0 || line >= lines || y - top - line * pitch >= height) return -1
  return rowAtPoint(scene.axis, scene.offset + line * width + x - left)
}

/** The boxes that a stretch of the axis takes on the lines; those off the canvas are left out. */
export function boxesOf(scene: MapScene, from: number, to: number): Box[] {
  const { left, top, width, pitch, lineHeight: height, lines } = scene.grid
  const boxes: Box[] = []
  const begin = Math.max(0, from - scene.offset)
  const end = Math.min(lines * width, to - scene.offset)
  for (let line = Math.floor(begin / width); line < lines && line * width < end; line++) {
    const x0 = Math.max(0, begin - line * width)
    const x1 = Math.min(width, end - line * width)
    if (x1 > x0) boxes.push({ left: left + x0, top: top + line * pitch, right: left + x1, bottom: top + line * pitch + height })
  }
  return boxes
}

/** Zooms so that a stretch of pages fills the lines: the zoom and the offset to make a scene with. */
export function zoomToPages(parts: AxisParts, grid: MapGrid, firstPage: number, endPage: number, ratio: number): { zoom: number, offset: number } {
  // Lengths depend on the zoom (marks keep theirs), so it is found by nearing.
  const visible = visibleLength(grid)
  let low = 1
  let high = maxZoom(parts, grid)
  for (let i = 0; i < 40; i++) {
    const middle = Math.sqrt(low * high)
    const axis = makeAxis(parts, visible * middle, ratio)
    if (pointOfPage(axis, endPage) - pointOfPage(axis, firstPage) > visible) high = middle
    else low = middle
  }
  const axis = makeAxis(parts, visible * low, ratio)
  return { zoom: low, offset: pointOfPage(axis, firstPage) }
}

/** Up to where a page is 16 pixels long. */
export const maxZoom = (parts: AxisParts, grid: MapGrid): number => Math.max(1, parts.bytesToScale / 4096 * 16 / visibleLength(grid) * 1.5)

/** "x:0x7f00-0x7f80" for what is on the canvas; '' when that is everything. */
export function mapToken(scene: MapScene): string {
  const { axis, grid, offset } = scene
  const visible = visibleLength(grid)
  if (axis.length <= visible * 1.0001) return ''
  return `x:${formatPageAddress(pageAtPoint(axis, offset))}-${formatPageAddress(pageAtPoint(axis, offset + visible) + 1)}`
}

/** The pages of such a token; null when it is none. */
export function parseMapToken(token: string): { first: number, end: number } | null {
  const match = /^x:(0x[0-9a-f]+)-(0x[0-9a-f]+)$/i.exec(token)
  if (match === null) return null
  const first = parsePageAddress(match[1])
  const end = parsePageAddress(match[2])
  return first >= 0 && end > first ? { first, end } : null
}
