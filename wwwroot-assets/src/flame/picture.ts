// The flame graph as a picture, its root at the top: where it is zoomed to, how it gets there, and how it is drawn. Places on the canvas
// are device pixels; places across the graph are in the unit of its figure.
import type { Theme } from '../lib/colours.ts'
import type { Palette } from '../lib/palette.ts'
import type { Box } from '../lib/treemap-scene.ts'
import type { Crumb } from '../render/picture.ts'
import type { Fonts } from '../render/fonts.ts'
import type { Painter } from '../render/painter.ts'
import { type CallTree, type Figure, isBytes, nameOf } from './call-tree.ts'
import { type FlameColour, dimmed, growthIndex, growthOf, neutralIndex } from './colours.ts'
import { type FlameLayout, type FlameStep, depthsOf, enclosing, firstAfter, layOut, nodeAt, step } from './layout.ts'
import type { Matches } from './search.ts'
import { CallTreeTokens } from './tokens.ts'

const animationMs = 180
/** CSS pixels. */
const rowHeight = 18
const labelFrom = 26
/** A byte in 2^40 is wider than the canvas then; numbers are exact well beyond that. */
const maxZoom = 2 ** 40
const maxCrumbs = 5

/** All that the picture is made of besides its size and zoom. */
export interface FlameInput {
  readonly tree: CallTree
  readonly figure: Figure
  readonly colour: FlameColour
  /** The colour of each frame, by module. */
  readonly frameColours: Uint8Array
  /** What a search found; null for no search. */
  readonly matches: Matches | null
  readonly palette: Palette
  readonly theme: Theme
}

/** What is seen: a stretch across, and how far it is scrolled down. */
interface View { from: number, to: number, top: number }

export class FlamePicture {
  readonly #motion: () => boolean
  #input: FlameInput | null = null
  #layout: FlameLayout | null = null
  #tokens: CallTreeTokens | null = null
  #width = 1
  #height = 1
  #ratio = 1
  #zoomToken = ''
  #view: View = { from: 0, to: 1, top: 0 }
  #animation: { from: View, since: number } | null = null

  /** @param motion tells whether the person allows movement. */
  constructor(motion: () => boolean) {
    this.#motion = motion
  }

  setInput(input: FlameInput): void {
    const last = this.#input
    this.#input = input
    if (last?.tree === input.tree && last.figure === input.figure) return
    const before = this.#layout
    const place = before === null ? null : this.#placeInZoomed(before)
    const layout = this.#layout = layOut(input.tree, input.figure)
    if (last?.tree !== input.tree) this.#tokens = new CallTreeTokens(input.tree)
    this.#animation = null
    // What was looked at stays where it was: the same part of the same call.
    const node = this.#zoomed()
    const [start, width] = [layout.start[node], layout.width[node]]
    this.#view = place === null
      ? { from: start, to: start + width, top: this.#view.top }
      : { from: start + place.from * width, to: start + place.to * width, top: this.#view.top }
    this.#clamp()
    if (before === null) this.#reveal(node)
  }

  resize(width: number, height: number, ratio: number): void {
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return
    this.#view.top *= ratio / this.#ratio
    this.#width = width
    this.#height = height
    this.#ratio = ratio
    this.#animation = null
    this.#clamp()
    if (this.#layout !== null) this.#reveal(this.#zoomed())
  }

  get layout(): FlameLayout | null {
    return this.#layout
  }

  get isAnimating(): boolean {
    return this.#animation !== null
  }

  get isEmpty(): boolean {
    return this.#layout === null || this.#layout.rows.length < 2
  }

  /** True when all of the graph's width is seen, and its top. */
  get isFitted(): boolean {
    return this.#view.top === 0 && this.#fills(0)
  }

  get zoomToken(): string {
    return this.#zoomToken
  }

  /** A token that is not in the data now is kept: it may be called again. */
  set zoomToken(token: string) {
    if (token === this.#zoomToken) return
    this.#zoomToken = token
    this.#fitTo(this.#zoomed())
  }

  get crumbs(): readonly Crumb[] {
    const layout = this.#layout
    if (layout === null) return []
    const path: number[] = []
    for (let node = this.#zoomed(); node >= 0; node = layout.tree.parent[node]) path.unshift(node)
    // A stack may be a hundred calls deep: the whole, and the last few.
    const shown = path.length > maxCrumbs ? [path[0], ...path.slice(1 - maxCrumbs)] : path
    return shown.map((node) => ({ name: nameOf(layout.tree, node), size: isBytes(layout.figure) ? layout.width[node] : 0, token: this.tokenOf(node) }))
  }

  tokenOf(node: number): string {
    return this.#tokens?.of(node) ?? ''
  }

  /** The node of a token that is in the picture; -1 for none. */
  find(token: string): number {
    const node = token === '' ? -1 : this.#tokens?.find(token) ?? -1
    return node > 0 && this.#layout !== null && this.#layout.width[node] > 0 ? node : -1
  }

  /** The node at a place; -1 for none. */
  hit(x: number, y: number): number {
    const layout = this.#layout
    if (layout === null || x < 0 || x >= this.#width || y < 0) return -1
    const { from, to, top } = this.#seen()
    return nodeAt(layout, Math.floor((y + top) / this.#row), from + x / this.#width * (to - from))
  }

  /** Where a node is now, cut to the canvas; null when it is out of sight. */
  boxOf(node: number): Box | null {
    const layout = this.#layout
    if (layout === null || node < 0) return null
    const { from, to, top } = this.#seen()
    const scale = this.#width / (to - from)
    const left = Math.max(0, (layout.start[node] - from) * scale)
    const right = Math.min(this.#width, (layout.start[node] + layout.width[node] - from) * scale)
    const y = layout.tree.depth[node] * this.#row - top
    return right < 0 || left > this.#width || y + this.#row < 0 || y > this.#height ? null : { left, right, top: y, bottom: y + this.#row }
  }

  /** The token that an arrow key leads to. */
  move(token: string, to: FlameStep): string {
    if (this.#layout === null) return ''
    const node = this.find(token)
    // The first arrow goes to what fills the picture.
    const next = node < 0 ? Math.max(1, this.#zoomed()) : step(this.#layout, node, to)
    return next > 0 ? this.tokenOf(next) : token
  }

  /** Brings a node into sight without changing what does not have to change. */
  show(token: string): void {
    const layout = this.#layout
    const node = this.find(token)
    if (layout === null || node < 0) return
    const { from, to } = this.#view
    const [start, end] = [layout.start[node], layout.start[node] + layout.width[node]]
    if (end <= from || start >= to) {
      const half = Math.max((to - from) / 2, layout.width[node] / 2)
      this.#setView({ from: (start + end) / 2 - half, to: (start + end) / 2 + half, top: this.#view.top })
      this.#followZoom()
    }
    this.#reveal(node)
  }

  zoomAt(x: number, factor: number): void {
    const { from, to, top } = this.#seen()
    const at = from + x / this.#width * (to - from)
    this.#animation = null
    this.#setView({ from: at - (at - from) / factor, to: at + (to - at) / factor, top })
    this.#followZoom()
  }

  pan(dx: number, dy: number): void {
    const { from, to, top } = this.#seen()
    const by = dx / this.#width * (to - from)
    this.#animation = null
    this.#setView({ from: from - by, to: to - by, top: top - dy })
    if (dx !== 0) this.#followZoom()
  }

  zoomToBox({ left, right }: Box): void {
    const { from, to, top } = this.#seen()
    const scale = (to - from) / this.#width
    this.#animate()
    this.#setView({ from: from + left * scale, to: from + right * scale, top })
    this.#followZoom()
  }

  /** Makes a node fill the width; false when it does already or is not there. */
  enter(token: string): boolean {
    const node = this.find(token)
    if (node < 0 || (node === this.#zoomed() && this.#fills(node))) return false
    this.#zoomToken = this.tokenOf(node)
    this.#fitTo(node)
    return true
  }

  /** One step out; false when all is seen already. */
  back(): boolean {
    const layout = this.#layout
    if (layout === null) return false
    const node = this.#zoomed()
    if (!this.#fills(node)) {
      this.#fitTo(node)
      return true
    }
    if (node === 0) {
      const had = this.#zoomToken !== ''
      this.#zoomToken = ''
      return had
    }
    // Callers of the same width would show the same picture.
    let out = layout.tree.parent[node]
    while (out > 0 && layout.width[out] === layout.width[node]) out = layout.tree.parent[out]
    this.#zoomToken = this.tokenOf(out)
    this.#fitTo(out)
    return true
  }

  fit(): void {
    this.#zoomToken = ''
    this.#fitTo(0)
  }

  /** Draws and returns how many boxes there were; `now` drives animations. */
  draw(painter: Painter, context: CanvasRenderingContext2D, fonts: Fonts, now: number): number {
    const input = this.#input
    const layout = this.#layout
    if (input === null || layout === null) return 0
    const { from, to, top } = this.#seen(now)
    const row = this.#row
    const firstDepth = Math.max(0, Math.floor(top / row))
    const lastDepth = Math.min(depthsOf(layout) - 1, Math.floor((top + this.#height - 1) / row))
    const labels: number[] = []
    let count = 0
    painter.begin(input.palette)
    for (let depth = firstDepth; depth <= lastDepth; depth++) {
      const y = Math.round(depth * row - top)
      count += this.#drawRow(layout, input, painter, depth, from, to, Math.max(0, y), Math.min(this.#height, y + Math.round(row) - this.#line), labels)
    }
    painter.end()
    this.#drawLabels(layout, input, context, fonts, labels, from, to, top)
    return count
  }

  /** One depth, from left to right. Boxes of less than a pixel are drawn together, and what lies in the same pixel is not looked at. */
  #drawRow(layout: FlameLayout, input: FlameInput, painter: Painter, depth: number, from: number, to: number, y: number, bottom: number, labels: number[]): number {
    if (bottom <= y) return 0
    const { rows, start, width } = layout
    const end = layout.rowStart[depth + 1]
    const scale = this.#width / (to - from)
    const labelled = labelFrom * this.#ratio
    let drawn = 0
    for (let at = firstAfter(layout, depth, from); at < end; at++) {
      const node = rows[at]
      const x = (start[node] - from) * scale
      if (x >= this.#width) break
      const left = Math.max(0, Math.floor(x))
      const exactRight = x + width[node] * scale
      drawn++
      if (exactRight - x < 1.5) {
        if (left >= this.#width) break
        painter.rect(left, y, left + 1, bottom, this.#colourOf(input, node))
        const next = firstAfter(layout, depth, from + (left + 1) / scale, at + 1)
        // Within rounding the next one may still end in this pixel: it is passed over, and the walk always goes on.
        at = Math.max(at, next - 1)
        continue
      }
      const right = Math.min(this.#width, Math.max(left + 1, Math.floor(exactRight)))
      const gap = right - left > 3 * this.#line && right < this.#width ? this.#line : 0
      painter.rect(left, y, right - gap, bottom, this.#colourOf(input, node))
      if (right - left >= labelled) labels.push(node)
    }
    return drawn
  }

  #drawLabels(layout: FlameLayout, input: FlameInput, context: CanvasRenderingContext2D, fonts: Fonts, labels: number[], from: number, to: number, top: number): void {
    const { palette, colour } = input
    const scale = this.#width / (to - from)
    const pad = 4 * this.#ratio
    context.textBaseline = 'middle'
    context.textAlign = 'left'
    context.font = fonts.label.font
    let fill = ''
    for (const node of labels) {
      const left = Math.max(0, (layout.start[node] - from) * scale)
      const right = Math.min(this.#width, (layout.start[node] + layout.width[node] - from) * scale)
      const growth = colour === 'growth' ? growthOf(layout.tree, node, layout.figure) : 0
      const sign = growth > 0 ? '+ ' : growth < 0 ? '\u2212 ' : ''
      const text = fonts.label.fit(sign + nameOf(layout.tree, node), right - left - 2 * pad)
      if (text === '') continue
      const wanted = palette.text[this.#colourOf(input, node)]
      if (wanted !== fill) context.fillStyle = fill = wanted
      context.fillText(text, left + pad, Math.round(layout.tree.depth[node] * this.#row - top + this.#row / 2))
    }
  }

  #colourOf(input: FlameInput, node: number): number {
    const { tree, colour, frameColours, matches } = input
    const frame = tree.frame[node]
    const own = node === 0 ? neutralIndex : colour === 'growth' ? growthIndex(growthOf(tree, node, input.figure)) : frameColours[frame]
    return matches === null || (node > 0 && matches.frames[frame] === 1) ? own : own + dimmed
  }

  get #row(): number {
    return rowHeight * this.#ratio
  }

  get #line(): number {
    return Math.max(1, Math.round(this.#ratio))
  }

  #zoomed(): number {
    return Math.max(0, this.#zoomToken === '' ? 0 : this.find(this.#zoomToken))
  }

  #fills(node: number): boolean {
    const layout = this.#layout
    if (layout === null) return true
    const off = Math.abs(this.#view.from - layout.start[node]) + Math.abs(this.#view.to - layout.start[node] - layout.width[node])
    return off <= layout.width[node] * 1e-9
  }

  /** What part of the zoomed call is seen, of 1. */
  #placeInZoomed(layout: FlameLayout): { from: number, to: number } | null {
    const node = this.#zoomed()
    const width = layout.width[node]
    return width > 0 ? { from: (this.#view.from - layout.start[node]) / width, to: (this.#view.to - layout.start[node]) / width } : null
  }

  #fitTo(node: number): void {
    const layout = this.#layout
    if (layout === null) return
    this.#animate()
    this.#setView({ from: layout.start[node], to: layout.start[node] + layout.width[node], top: node === 0 ? 0 : this.#view.top })
    this.#reveal(node)
  }

  /** Scrolls so that a node and a few rows below it are in sight. */
  #reveal(node: number): void {
    const row = this.#row
    const y = (this.#layout?.tree.depth[node] ?? 0) * row
    const below = Math.min(4 * row, Math.max(0, this.#height - row) / 2)
    const top = Math.min(Math.max(this.#view.top, y + row + below - this.#height), Math.max(0, y - row))
    if (top === this.#view.top) return
    this.#view = { ...this.#view, top }
    this.#clamp()
  }

  /** What is zoomed to after a free movement: the deepest call that fills the width. */
  #followZoom(): void {
    if (this.#layout !== null) this.#zoomToken = this.tokenOf(enclosing(this.#layout, this.#view.from, this.#view.to))
  }

  #animate(): void {
    this.#animation = this.#motion() ? { from: this.#seen(), since: performance.now() } : null
  }

  #setView(view: View): void {
    this.#view = view
    this.#clamp()
  }

  /** The graph covers the width, and its last row does not leave the canvas. */
  #clamp(): void {
    const layout = this.#layout
    if (layout === null) return
    const whole = layout.width[0] > 0 ? layout.width[0] : 1
    const width = Math.min(whole, Math.max(whole / maxZoom, this.#view.to - this.#view.from))
    const from = Math.min(whole - width, Math.max(0, this.#view.from))
    const bottom = Math.max(0, depthsOf(layout) * this.#row - this.#height)
    this.#view = { from, to: from + width, top: Math.min(bottom, Math.max(0, this.#view.top)) }
  }

  #seen(now = performance.now()): View {
    if (this.#animation === null) return this.#view
    const { from, since } = this.#animation
    const share = (now - since) / animationMs
    if (share >= 1) {
      this.#animation = null
      return this.#view
    }
    const eased = 1 - (1 - Math.max(0, share)) ** 3
    const between = (a: number, b: number) => a + (b - a) * eased
    return { from: between(from.from, this.#view.from), to: between(from.to, this.#view.to), top: between(from.top, this.#view.top) }
  }
}
