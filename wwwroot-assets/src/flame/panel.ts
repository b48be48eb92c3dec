// The flame graph on a canvas, with what surrounds it: path, colours, tooltip, messages, keys.
import { signs } from '../lib/colours.ts'
import type { Box } from '../lib/treemap-scene.ts'
import { Tooltip, element, setText, showCrumbs, showLegend } from '../render/elements.ts'
import { type Fonts, makeFonts } from '../render/fonts.ts'
import { listenToGestures } from '../render/gestures.ts'
import { FillPainter, type Painter, RasterPainter } from '../render/painter.ts'
import { allowsMotion } from '../render/panel-subject.ts'
import type { CallTree } from './call-tree.ts'
import { ModuleColours, growthLegend, makeFlamePalette } from './colours.ts'
import { describeCall, describeMatches, figureNames, summarise } from './describe.ts'
import type { FlameStep } from './layout.ts'
import { FlamePicture } from './picture.ts'
import { type Matches, search } from './search.ts'
import { type FlameState, changeFlame, defaultFlameState } from './state.ts'

/** What the panel tells its owner. */
export interface FlameEvents {
  selected(token: string): void
  /** What is zoomed to; many in a row while a wheel turns. */
  zoomed(token: string): void
}

export interface FlameStatus {
  readonly connected: boolean
  readonly lagging: boolean
  readonly message: string
}

/** With more boxes than this the picture is written as pixels. */
const rasterFrom = 12_000
const panStep = 60
const zoomStep = 1.4
const arrows: Readonly<Record<string, FlameStep>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

export class FlamePanel {
  readonly #root: HTMLElement
  readonly #events: FlameEvents
  readonly #stop = new AbortController()
  readonly #crumbs = element('nav', 'wvm-crumbs')
  readonly #found = element('p', 'wvm-found')
  readonly #legend = element('ul', 'wvm-legend')
  readonly #stage = element('div', 'wvm-stage')
  readonly #canvas = element('canvas', 'wvm-canvas')
  readonly #overlay = element('canvas', 'wvm-overlay')
  readonly #message = element('p', 'wvm-message')
  readonly #badge = element('p', 'wvm-badge')
  readonly #summary = element('p', 'wvm-summary')
  readonly #tooltip = new Tooltip()
  readonly #context: CanvasRenderingContext2D
  readonly #overlayContext: CanvasRenderingContext2D
  readonly #fill: Painter
  readonly #raster: Painter
  readonly #resizes: ResizeObserver
  readonly #picture = new FlamePicture(allowsMotion)
  readonly #moduleColours = new ModuleColours()
  readonly #made = performance.now()

  #state: FlameState = defaultFlameState
  #status: FlameStatus = { connected: false, lagging: false, message: '' }
  /** The newest tree, and the one that is drawn: older while paused. */
  #newest: CallTree | null = null
  #drawn: CallTree | null = null
  #matches: { of: CallTree, text: string, found: Matches | null } | null = null
  #fonts: Fonts | null = null
  #width = 0
  #height = 0
  #ratio = 0
  #frame = 0
  #isStale = { input: true, picture: true }
  #boxCount = 0
  #hover: { x: number, y: number } | null = null
  #rubber: Box | null = null
  readonly #waiting: ReturnType<typeof setInterval>
  #summaryDue = 0

  constructor(root: HTMLElement, events: FlameEvents) {
    this.#root = root
    this.#events = events
    const context = this.#canvas.getContext('2d', { alpha: false })
    const overlay = this.#overlay.getContext('2d')
    if (context === null || overlay === null) throw new Error('flame: this browser gives no 2d canvas')
    this.#context = context
    this.#overlayContext = overlay
    this.#fill = new FillPainter(context)
    this.#raster = new RasterPainter(context)
    this.#build()
    this.#resizes = new ResizeObserver(() => { this.#request('picture') })
    this.#resizes.observe(this.#stage)
    this.#waiting = setInterval(() => { this.#showMessage() }, 1000)
    this.#request('input')
  }

  get drawn(): CallTree | null {
    return this.#drawn
  }

  /** True when a newer tree is here than the one that is drawn. */
  get hasNewer(): boolean {
    return this.#newest !== this.#drawn
  }

  /** Where a token's box is now, in device pixels of the canvas; null when it is out of sight. */
  boxOf(token: string): Box | null {
    return this.#picture.boxOf(this.#picture.find(token))
  }

  setState(partial: Partial<Record<keyof FlameState, unknown>>): void {
    const last = this.#state
    const state = this.#state = changeFlame(last, partial)
    this.#root.dataset['theme'] = state.theme
    if (partial.zoom !== undefined) this.#picture.zoomToken = state.zoom
    if (!state.paused) this.#drawn = this.#newest
    if (state.selection !== last.selection) this.#picture.show(state.selection)
    this.#request('input')
  }

  setTree(tree: CallTree): void {
    this.#newest = tree
    if (this.#state.paused && this.#drawn !== null) {
      this.#showBadge()
      return
    }
    this.#drawn = tree
    this.#request('input')
  }

  setStatus(status: FlameStatus): void {
    this.#status = status
    this.#showBadge()
    this.#showMessage()
  }

  dispose(): void {
    this.#stop.abort()
    this.#resizes.disconnect()
    cancelAnimationFrame(this.#frame)
    clearInterval(this.#waiting)
    this.#root.replaceChildren()
    this.#root.classList.remove('wvm-regions', 'wvm-flame')
  }

  #build(): void {
    this.#root.classList.add('wvm-regions', 'wvm-flame')
    this.#crumbs.setAttribute('aria-label', 'Zoomed to')
    this.#legend.setAttribute('aria-label', 'Colours')
    this.#overlay.tabIndex = 0
    this.#overlay.setAttribute('role', 'img')
    this.#overlay.setAttribute('aria-label', 'Flame graph')
    this.#canvas.setAttribute('aria-hidden', 'true')
    this.#summary.setAttribute('aria-live', 'polite')
    for (const status of [this.#badge, this.#found]) {
      status.setAttribute('role', 'status')
      status.hidden = true
    }
    this.#message.hidden = true
    this.#stage.append(this.#canvas, this.#overlay, this.#message, this.#badge, this.#tooltip.root)
    const bar = element('div', 'wvm-bar')
    bar.append(this.#crumbs, this.#found, this.#legend)
    this.#root.replaceChildren(bar, this.#stage, this.#summary)
    const { signal } = this.#stop
    listenToGestures(this.#overlay, {
      hover: (x, y) => { this.#setHover({ x, y }) },
      leave: () => { this.#setHover(null) },
      click: (x, y) => { this.#click(x, y) },
      doubleClick: (x, y) => { this.#doubleClick(x, y) },
      pan: (dx, dy) => { this.#moved(() => { this.#picture.pan(dx * this.#ratio, dy * this.#ratio) }) },
      zoom: (x, _y, factor) => { this.#moved(() => { this.#picture.zoomAt(x * this.#ratio, factor) }) },
      box: (box, isDone) => { this.#box(box, isDone) },
    }, signal)
    this.#overlay.addEventListener('keydown', (event) => { this.#key(event) }, { signal })
  }

  /** One animation frame for however many changes. */
  #request(what: 'input' | 'picture' | 'overlay'): void {
    if (what === 'input') this.#isStale = { input: true, picture: true }
    if (what === 'picture') this.#isStale.picture = true
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => { this.#onFrame(now) })
  }

  #onFrame(now: number): void {
    this.#frame = 0
    const picture = this.#picture
    if (this.#isStale.input) this.#setInput()
    this.#fit()
    if (this.#isStale.picture && this.#fonts !== null && this.#width > 0 && this.#height > 0) {
      this.#boxCount = picture.draw(this.#boxCount > rasterFrom ? this.#raster : this.#fill, this.#context, this.#fonts, now)
      showCrumbs(this.#crumbs, picture.crumbs, (token) => { this.#go(token) })
      this.#overlay.style.touchAction = picture.isFitted ? 'pan-y' : 'none'
    }
    this.#isStale = { input: false, picture: picture.isAnimating }
    this.#drawOverlay()
    this.#showTooltip()
    if (picture.isAnimating) this.#request('picture')
  }

  /** Canvas pixels are device pixels, so that lines and texts are crisp. */
  #fit(): void {
    const ratio = window.devicePixelRatio
    const width = Math.round(this.#stage.clientWidth * ratio)
    const height = Math.round(this.#stage.clientHeight * ratio)
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return
    this.#width = width
    this.#height = height
    this.#ratio = ratio
    for (const canvas of [this.#canvas, this.#overlay]) {
      canvas.width = width
      canvas.height = height
    }
    this.#fonts = makeFonts(this.#context, ratio)
    this.#picture.resize(width, height, ratio)
    this.#isStale.picture = true
  }

  #setInput(): void {
    const tree = this.#drawn
    this.#showBadge()
    if (tree !== null) {
      const { figure, colour, theme } = this.#state
      const palette = makeFlamePalette(colour, theme)
      const frameColours = this.#moduleColours.paint(tree)
      this.#picture.setInput({ tree, figure, colour, frameColours, matches: this.#matchesOf(tree), palette, theme })
      showLegend(this.#legend, colour === 'growth' ? growthLegend(palette, tree.before !== null) : this.#moduleColours.legend(tree, palette))
      this.#showFound(tree)
      this.#summarise(tree)
    }
    this.#showMessage()
  }

  #matchesOf(tree: CallTree): Matches | null {
    const text = this.#state.search
    if (this.#matches?.of !== tree || this.#matches.text !== text) this.#matches = { of: tree, text, found: search(tree, text) }
    return this.#matches.found
  }

  #showFound(tree: CallTree): void {
    const matches = this.#matchesOf(tree)
    setText(this.#found, matches === null ? '' : describeMatches(tree, this.#state.figure, matches))
    this.#found.hidden = matches === null
  }

  #drawOverlay(): void {
    const context = this.#overlayContext
    const { accent, surface, text } = signs[this.#state.theme]
    const px = Math.max(1, Math.round(this.#ratio))
    context.clearRect(0, 0, this.#width, this.#height)
    if (this.#drawn === null) return
    const outline = (box: Box, colour: string, width: number) => {
      const inset = width / 2
      context.lineWidth = width
      context.strokeStyle = colour
      context.strokeRect(Math.round(box.left) + inset, Math.round(box.top) + inset, Math.max(px, Math.round(box.right - box.left) - width), Math.max(px, Math.round(box.bottom - box.top) - width))
    }
    const hovered = this.#picture.boxOf(this.#hovered())
    if (hovered !== null) outline(hovered, text, px)
    // Light inside dark, or the other way round: seen on every colour.
    const selected = this.boxOf(this.#state.selection)
    if (selected !== null) {
      outline(selected, accent, 2 * px)
      outline({ left: selected.left + 2 * px, top: selected.top + 2 * px, right: selected.right - 2 * px, bottom: selected.bottom - 2 * px }, surface, px)
    }
    if (this.#rubber !== null) {
      // Only the stretch across is zoomed to.
      const box = { left: this.#rubber.left * this.#ratio, top: 0, right: this.#rubber.right * this.#ratio, bottom: this.#height }
      context.fillStyle = `${accent}33`
      context.fillRect(box.left, box.top, box.right - box.left, box.bottom)
      outline(box, accent, px)
    }
  }

  #hovered(): number {
    return this.#hover === null || this.#drawn === null || this.#rubber !== null ? -1 : this.#picture.hit(this.#hover.x * this.#ratio, this.#hover.y * this.#ratio)
  }

  #showTooltip(): void {
    const node = this.#hovered()
    const tree = this.#drawn
    if (node < 0 || tree === null || this.#hover === null) {
      this.#tooltip.hide()
      return
    }
    const { figure } = this.#state
    const { clientWidth, clientHeight } = this.#stage
    this.#tooltip.show(`${tree.sequence} ${figure} ${node}`, () => describeCall(tree, node, figure), this.#hover.x, this.#hover.y, clientWidth, clientHeight)
  }

  #setHover(at: { x: number, y: number } | null): void {
    this.#hover = at
    this.#request('overlay')
  }

  #click(x: number, y: number): void {
    this.#overlay.focus({ preventScroll: true })
    this.#select(this.#picture.tokenOf(this.#picture.hit(x * this.#ratio, y * this.#ratio)))
  }

  /** Into what is under the pointer; out again when it fills the width already. */
  #doubleClick(x: number, y: number): void {
    const node = this.#picture.hit(x * this.#ratio, y * this.#ratio)
    this.#moved(() => {
      if (node <= 0 || !this.#picture.enter(this.#picture.tokenOf(node))) this.#picture.fit()
    })
  }

  #box(box: Box | null, isDone: boolean): void {
    this.#rubber = isDone ? null : box
    if (isDone && box !== null && box.right - box.left > 3) {
      const by = this.#ratio
      this.#moved(() => { this.#picture.zoomToBox({ left: box.left * by, top: box.top * by, right: box.right * by, bottom: box.bottom * by }) })
    }
    this.#request('overlay')
  }

  #select(token: string): void {
    if (token === this.#state.selection) return
    this.#state = { ...this.#state, selection: token }
    this.#request('overlay')
    this.#saySelection()
    this.#events.selected(token)
  }

  #go(token: string): void {
    this.#moved(() => {
      if (token === '' || !this.#picture.enter(token)) this.#picture.fit()
    })
    this.#overlay.focus({ preventScroll: true })
  }

  /** Draws after a change of zoom and tells of it. Returns what the change returns. */
  #moved<T>(move: () => T): T {
    const before = this.#picture.zoomToken
    const result = move()
    this.#request('picture')
    const after = this.#picture.zoomToken
    if (after !== before) {
      this.#state = { ...this.#state, zoom: after }
      this.#events.zoomed(after)
    }
    return result
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#drawn === null) return
    if (this.#onKey(event.key, event.shiftKey, this.#drawn)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  /** True when the key was the picture's. */
  #onKey(key: string, isShifted: boolean, tree: CallTree): boolean {
    const picture = this.#picture
    const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined
    if (arrow !== undefined && !isShifted) {
      this.#moved(() => {
        this.#select(picture.move(this.#state.selection, arrow))
        picture.show(this.#state.selection)
      })
      return true
    }
    const pan = panStep * this.#ratio
    const zoom = (factor: number) => { this.#moved(() => { picture.zoomAt(this.#width / 2, factor) }) }
    const by = (dx: number, dy: number) => { this.#moved(() => { picture.pan(dx, dy) }) }
    switch (isShifted && arrow !== undefined ? { left: 'a', right: 'd', up: 'w', down: 's' }[arrow] : key.toLowerCase()) {
      case 'enter':
        this.#moved(() => { picture.enter(this.#state.selection) })
        return true
      case 'escape':
      case 'backspace': return this.#back(key === 'Escape')
      case 'n': return this.#next(tree, isShifted ? -1 : 1)
      case '+':
      case '=':
        zoom(zoomStep)
        return true
      case '-':
        zoom(1 / zoomStep)
        return true
      case '0':
        this.#moved(() => { picture.fit() })
        return true
      case 'w':
        by(0, pan)
        return true
      case 's':
        by(0, -pan)
        return true
      case 'a':
        by(pan, 0)
        return true
      case 'd':
        by(-pan, 0)
        return true
      default: return false
    }
  }

  /** To the next thing that the search found. */
  #next(tree: CallTree, step: 1 | -1): boolean {
    const matches = this.#matchesOf(tree)
    if (matches === null) return false
    const node = matches.next(Math.max(0, this.#picture.find(this.#state.selection)), step)
    if (node > 0) {
      this.#moved(() => {
        this.#select(this.#picture.tokenOf(node))
        this.#picture.show(this.#state.selection)
      })
    }
    return true
  }

  /** Esc goes one step back, in the page's own order: a box being drawn, the selection, the zoom; then it is the page's. Backspace zooms out. */
  #back(canDeselect: boolean): boolean {
    if (this.#rubber !== null) {
      this.#box(null, false)
      return true
    }
    if (canDeselect && this.#state.selection !== '') {
      this.#select('')
      return true
    }
    return this.#moved(() => this.#picture.back())
  }

  #showMessage(): void {
    let text = ''
    if (this.#drawn === null) {
      // Past a second, it says for how long.
      const waited = Math.floor((performance.now() - this.#made) / 1000)
      const reason = this.#status.message === '' ? 'Waiting for the call tree' : this.#status.message
      text = waited > 1 ? `${reason} (${waited} s)` : this.#status.message
    } else if (this.#drawn.total[this.#state.figure][0] === 0) {
      text = `In this span there is nothing under "${figureNames[this.#state.figure]}". Choose another figure or another span.`
    }
    setText(this.#message, text)
    this.#message.hidden = text === ''
    if (this.#drawn !== null) clearInterval(this.#waiting)
  }

  #showBadge(): void {
    const { connected, lagging, message } = this.#status
    let text = ''
    if (this.#drawn !== null) {
      if (this.#state.paused) text = this.hasNewer ? 'Paused; there is newer data' : 'Paused'
      else if (!connected && message !== '') text = `Not live: ${message}`
      else if (lagging) text = 'Lagging: this browser was too slow, some moments were skipped'
    }
    setText(this.#badge, text)
    this.#badge.hidden = text === ''
  }

  /** Says what the picture shows, at most every few seconds: a live picture changes all the time. */
  #summarise(tree: CallTree): void {
    const text = summarise(tree, this.#state.figure, this.#state.bottomUp)
    this.#overlay.setAttribute('aria-label', `${text} Arrow keys move the selection, Enter zooms in, Escape goes back, N goes to the next match. The call tree has the same facts.`)
    const now = performance.now()
    if (now < this.#summaryDue) return
    this.#summaryDue = now + 10_000
    setText(this.#summary, text)
  }

  #saySelection(): void {
    const node = this.#picture.find(this.#state.selection)
    if (node < 0 || this.#drawn === null) return
    const { title, lines } = describeCall(this.#drawn, node, this.#state.figure)
    setText(this.#summary, `${title}. ${lines.map(([name, value]) => `${name} ${value}`).join(', ')}`)
  }
}
