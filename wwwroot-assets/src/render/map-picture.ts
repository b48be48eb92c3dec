// The address map as a picture.
import { type AxisParts, axisParts, pageAtPoint, pointOfPage } from '../lib/address-axis.ts'
import { signs } from '../lib/colours.ts'
import { type Description, describeRow } from '../lib/describe.ts'
import { parsePageAddress } from '../lib/format.ts'
import { type MapGrid, type MapScene, boxesOf, makeGrid, makeScene, mapHit, mapToken, maxZoom, parseMapToken, pointAt, visibleLength, zoomToPages } from '../lib/map-scene.ts'
import { type Platform, RegionTable } from '../lib/region-table.ts'
import { regionToken, rowsOf } from '../lib/token.ts'
import type { Box } from '../lib/treemap-scene.ts'
import { drawMap } from './address-map.ts'
import type { RowChanges } from './change-look.ts'
import type { Fonts } from './fonts.ts'
import type { Painter } from './painter.ts'
import type { Arrow, Crumb, Hit, Picture, PictureInput } from './picture.ts'

const maxOutlines = 400

/** What there is to say about rows, and for a comparison how they are drawn. */
export interface MapLook {
  readonly changes?: RowChanges
  describe(table: RegionTable, row: number, platform: Platform): Description
}

export class MapPicture implements Picture {
  readonly isAnimating = false
  #input: PictureInput | null = null
  #parts: AxisParts = axisParts(RegionTable.empty)
  #grid: MapGrid = makeGrid(1, 1, 1)
  #width = 1
  #height = 1
  #ratio = 1
  #zoom = 1
  #offset = 0
  /** A zoom that was asked for before there was anything to zoom into. */
  #wanted = ''
  #made: MapScene | null = null
  readonly #look: MapLook

  constructor(look: MapLook = { describe: describeRow }) {
    this.#look = look
  }

  setInput(input: PictureInput): void {
    const last = this.#input
    this.#input = input
    if (last?.table === input.table) return
    // What begins the picture stays where it is, whatever was mapped before it.
    const isZoomed = this.#zoom > 1 && this.#parts.table.count > 0
    const page = isZoomed ? pageAtPoint(this.#scene().axis, this.#offset) : 0
    this.#parts = axisParts(input.table)
    this.#made = null
    if (isZoomed) {
      this.#zoom = Math.min(this.#zoom, maxZoom(this.#parts, this.#grid))
      this.#show(this.#zoom, pointOfPage(this.#scene().axis, page))
    }
    this.#applyWanted()
  }

  resize(width: number, height: number, ratio: number): void {
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return
    const isZoomed = this.#zoom > 1 && this.#parts.table.count > 0
    const page = isZoomed ? pageAtPoint(this.#scene().axis, this.#offset) : 0
    this.#width = width
    this.#height = height
    this.#ratio = ratio
    this.#grid = makeGrid(width, height, ratio)
    this.#made = null
    if (isZoomed) this.#show(this.#zoom, pointOfPage(this.#scene().axis, page))
    this.#applyWanted()
  }

  draw(painter: Painter, context: CanvasRenderingContext2D, fonts: Fonts): number {
    const input = this.#input
    if (input === null) return 0
    return drawMap({
      scene: this.#scene(),
      width: this.#width,
      height: this.#height,
      ratio: this.#ratio,
      rowColours: input.rowColours,
      fill: input.table.metric(input.area),
      hasPale: input.isColouredByCategory,
      palette: input.palette,
      muted: signs[input.theme].muted,
      platform: input.platform,
      changes: this.#look.changes,
    }, painter, context, fonts)
  }

  get isEmpty(): boolean {
    return this.#parts.regions === 0
  }

  get isFitted(): boolean {
    return this.#zoom <= 1.0001
  }

  get zoomToken(): string {
    return this.#wanted !== '' ? this.#wanted : mapToken(this.#scene())
  }

  set zoomToken(token: string) {
    if (token === this.zoomToken) return
    if (parseMapToken(token) === null) {
      this.#wanted = ''
      this.fit()
      return
    }
    this.#wanted = token
    this.#applyWanted()
  }

  get crumbs(): readonly Crumb[] {
    const all = { name: 'All addresses', size: 0, token: '' }
    const token = this.zoomToken
    return token === '' ? [all] : [all, { name: token.slice(2).replace('-', ' - '), size: 0, token }]
  }

  hit(x: number, y: number): Hit | null {
    const row = mapHit(this.#scene(), x, y)
    return row < 0 ? null : this.#hitOf(row)
  }

  find(token: string): Hit | null {
    const row = this.#firstRow(token)
    return row < 0 ? null : this.#hitOf(row)
  }

  boxesOf(token: string): readonly Box[] {
    const { table } = this.#parts
    const wanted = token === '' ? null : rowsOf(table, token)
    if (wanted === null) return []
    const scene = this.#scene()
    const { axis } = scene
    const boxes: Box[] = []
    const last = scene.offset + visibleLength(scene.grid)
    for (let row = 0; row < table.count && boxes.length < maxOutlines; row++) {
      if (axis.startOf(row + 1) <= scene.offset || !wanted(row)) continue
      if (axis.startOf(row) >= last) break
      // Neighbours are outlined as one.
      let end = row + 1
      while (end < table.count && wanted(end)) end++
      boxes.push(...boxesOf(scene, axis.startOf(row), axis.startOf(end)))
      row = end
    }
    return boxes
  }

  move(token: string, arrow: Arrow): string {
    const { table } = this.#parts
    if (table.count === 0) return token
    const row = this.#firstRow(token)
    const scene = this.#scene()
    if (row < 0) return this.#hitOf(Math.max(0, mapHit(scene, this.#grid.left, this.#grid.top))).token
    if (arrow === 'left' || arrow === 'right') return this.#hitOf(Math.min(table.count - 1, Math.max(0, row + (arrow === 'left' ? -1 : 1)))).token
    const middle = (scene.axis.startOf(row) + scene.axis.startOf(row + 1)) / 2
    const point = middle + (arrow === 'up' ? -1 : 1) * this.#grid.width
    if (point < 0 || point >= scene.axis.length) return token
    const found = table.find(pageAtPoint(scene.axis, point))
    return found < 0 ? token : this.#hitOf(found).token
  }

  zoomAt(x: number, y: number, factor: number): void {
    const scene = this.#scene()
    const point = pointAt(scene, x, y)
    const page = pageAtPoint(scene.axis, point)
    const onScreen = point - scene.offset
    // The share of the page's row at which the pointer is, so that it stays there to the pixel.
    const within = point - pointOfPage(scene.axis, page)
    const zoom = Math.min(maxZoom(this.#parts, this.#grid), Math.max(1, this.#zoom * factor))
    const by = zoom / this.#zoom
    this.#zoom = zoom
    this.#made = null
    this.#show(zoom, pointOfPage(this.#scene().axis, page) + within * by - onScreen)
  }

  pan(dx: number, dy: number): void {
    this.#show(this.#zoom, this.#scene().offset - dx - dy / this.#grid.pitch * this.#grid.width)
  }

  zoomToBox(box: Box): void {
    const scene = this.#scene()
    this.#showPages(pageAtPoint(scene.axis, pointAt(scene, box.left, box.top)), pageAtPoint(scene.axis, pointAt(scene, box.right, box.bottom)) + 1)
  }

  enter(token: string): boolean {
    const { table } = this.#parts
    const wanted = rowsOf(table, token)
    if (wanted === null) return false
    const { page, pages } = table.columns
    let first = -1
    let end = 0
    for (let row = 0; row < table.count; row++) {
      if (!wanted(row)) continue
      if (first < 0) first = page[row]
      end = page[row] + pages[row]
    }
    if (first < 0) return false
    this.#showPages(first, end)
    return true
  }

  back(): boolean {
    if (this.isFitted) return false
    this.fit()
    return true
  }

  fit(): void {
    this.#wanted = ''
    this.#show(1, 0)
  }

  #show(zoom: number, offset: number): void {
    this.#zoom = zoom
    const scene = makeScene(this.#parts, this.#grid, zoom, offset, this.#ratio)
    this.#offset = scene.offset
    this.#made = scene
  }

  #showPages(first: number, end: number): void {
    this.#wanted = ''
    const { zoom, offset } = zoomToPages(this.#parts, this.#grid, first, end, this.#ratio)
    this.#show(zoom, offset)
  }

  #applyWanted(): void {
    const wanted = parseMapToken(this.#wanted)
    if (wanted !== null && this.#parts.table.count > 0 && this.#width > 1) this.#showPages(wanted.first, wanted.end)
  }

  #scene(): MapScene {
    return this.#made ??= makeScene(this.#parts, this.#grid, this.#zoom, this.#offset, this.#ratio)
  }

  #hitOf(row: number): Hit {
    const { table } = this.#parts
    const platform = this.#input?.platform ?? 'linux'
    return { token: regionToken(table, row), describe: () => this.#look.describe(table, row, platform) }
  }

  #firstRow(token: string): number {
    const { table } = this.#parts
    if (table.tokens === null && token.startsWith('r:')) return table.rowAt(parsePageAddress(token.slice(2)))
    const wanted = token === '' ? null : rowsOf(table, token)
    if (wanted !== null) for (let row = 0; row < table.count; row++) if (wanted(row)) return row
    return -1
  }
}
