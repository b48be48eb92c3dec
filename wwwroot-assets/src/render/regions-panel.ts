// The treemap and the address map on one canvas, with what surrounds them: path, legend, tooltip, messages, keys.
import { categoryNames, signs } from '../lib/colours.ts'
import type { Box } from '../lib/treemap-scene.ts'
import { type ViewState, change, defaultState } from '../lib/view-state.ts'
import { Tooltip, element, setText, showCrumbs, showLegend } from './elements.ts'
import { type Fonts, makeFonts } from './fonts.ts'
import { listenToGestures } from './gestures.ts'
import { FillPainter, type Painter, RasterPainter } from './painter.ts'
import type { PanelSubject, Shown } from './panel-subject.ts'
import type { Arrow, Picture } from './picture.ts'
import { RegionsSubject } from './regions-subject.ts'

/** What the panel tells its owner. */
export interface PanelEvents {
  selected(token: string): void
  /** What is zoomed to; many in a row while a wheel turns. */
  zoomed(token: string): void
}

export interface PanelStatus {
  readonly connected: boolean
  readonly lagging: boolean
  readonly message: string
}

/** With more boxes than this the picture is written as pixels. */
const rasterFrom = 20_000
const panStep = 60
const zoomStep = 1.4
const arrows: Readonly<Record<string, Arrow>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

export class RegionsPanel {
  readonly #root: HTMLElement
  readonly #events: PanelEvents
  readonly #stop = new AbortController()
  readonly #crumbs = element('nav', 'wvm-crumbs')
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
  readonly #subject: PanelSubject
  readonly #made = performance.now()

  #state: ViewState = defaultState
  #status: PanelStatus = { connected: false, lagging: false, message: '' }
  /** The newest sample, and the one that is drawn: older while paused. */
  #newest: Shown | null = null
  #drawn: Shown | null = null
  #fonts: Fonts | null = null
  #width = 0
  #height = 0
  #ratio = 0
  #frame = 0
  #isStale = { input: true, picture: true }
  /** Of the last drawing; before the first one, as many as there are rows. */
  #boxCount = -1
  #hover: { x: number, y: number } | null = null
  #rubber: Box | null = null
  #waiting: ReturnType<typeof setInterval> | undefined
  #summaryDue = 0

  constructor(root: HTMLElement, events: PanelEvents, subject: PanelSubject = new RegionsSubject()) {
    this.#root = root
    this.#events = events
    this.#subject = subject
    const context = this.#canvas.getContext('2d', { alpha: false })
    const overlay = this.#overlay.getContext('2d')
    if (context === null || overlay === null) throw new Error('regions: this browser gives no 2d canvas')
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

  get drawn(): Shown | null {
    return this.#drawn
  }

  /** True when a newer sample is here than the one that is drawn. */
  get hasNewer(): boolean {
    return this.#newest !== this.#drawn
  }

  /** Where a token's things are in the picture now, in device pixels of the canvas. */
  boxesOf(token: string): readonly Box[] {
    return this.#picture.boxesOf(token)
  }

  setState(partial: Partial<Record<keyof ViewState, unknown>>): void {
    const last = this.#state
    const state = this.#state = change(last, partial)
    this.#root.dataset['theme'] = state.theme
    this.#root.dataset['view'] = state.view
    this.#root.dataset['colour'] = state.colour
    const picture = this.#picture
    if (partial.zoom !== undefined || state.view !== last.view) picture.zoomToken = state.zoom
    if (!state.paused) this.#drawn = this.#newest
    const isOnlySelection = (Object.keys(state) as (keyof ViewState)[]).every((key) => key === 'selection' || state[key] === last[key])
    this.#request(isOnlySelection ? 'overlay' : 'input')
  }

  setSample(sample: Shown): void {
    this.#newest = sample
    if (this.#state.paused && this.#drawn !== null) {
      this.#showBadge()
      return
    }
    this.#drawn = sample
    this.#request('input')
  }

  setStatus(status: PanelStatus): void {
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
    this.#root.classList.remove('wvm-regions')
  }

  get #picture(): Picture {
    return this.#subject.pictures[this.#state.view]
  }

  #build(): void {
    this.#root.classList.add('wvm-regions')
    this.#crumbs.setAttribute('aria-label', 'Zoomed to')
    this.#legend.setAttribute('aria-label', 'Colours')
    this.#overlay.tabIndex = 0
    this.#overlay.setAttribute('role', 'img')
    this.#canvas.setAttribute('aria-hidden', 'true')
    this.#summary.setAttribute('aria-live', 'polite')
    this.#badge.setAttribute('role', 'status')
    this.#badge.hidden = true
    this.#message.hidden = true
    this.#stage.append(this.#canvas, this.#overlay, this.#message, this.#badge, this.#tooltip.root)
    const bar = element('div', 'wvm-bar')
    bar.append(this.#crumbs, this.#legend)
    this.#root.replaceChildren(bar, this.#stage, this.#summary)
    const { signal } = this.#stop
    listenToGestures(this.#overlay, {
      hover: (x, y) => { this.#setHover({ x, y }) },
      leave: () => { this.#setHover(null) },
      click: (x, y) => { this.#click(x, y) },
      doubleClick: (x, y) => { this.#doubleClick(x, y) },
      pan: (dx, dy) => { this.#moved(() => { this.#picture.pan(dx * this.#ratio, dy * this.#ratio) }) },
      zoom: (x, y, factor) => { this.#moved(() => { this.#picture.zoomAt(x * this.#ratio, y * this.#ratio, factor) }) },
      box: (box, isDone) => { this.#box(box, isDone) },
    }, signal)
    this.#overlay.addEventListener('keydown', (event) => { this.#key(event) }, { signal })
    this.#overlay.addEventListener('focus', () => { this.#request('overlay') }, { signal })
    this.#overlay.addEventListener('blur', () => { this.#request('overlay') }, { signal })
  }

  /** One animation frame for however many changes. */
  #request(what: 'input' | 'picture' | 'overlay'): void {
    if (what === 'input') this.#isStale = { input: true, picture: true }
    if (what === 'picture') this.#isStale.picture = true
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => { this.#onFrame(now) })
  }

  #onFrame(now: number): void {
    this.#frame = 0
    this.#fit()
    const picture = this.#picture
    if (this.#isStale.input) this.#setInput()
    if (this.#isStale.picture && this.#fonts !== null && this.#width > 0) {
      const expected = this.#boxCount < 0 ? this.#drawn?.table.count ?? 0 : this.#boxCount
      const painter = expected > rasterFrom ? this.#raster : this.#fill
      const count = picture.draw(painter, this.#context, this.#fonts, now)
      if (this.#drawn !== null) this.#boxCount = count
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
    for (const picture of Object.values(this.#subject.pictures)) picture.resize(width, height, ratio)
    this.#isStale.picture = true
  }

  #setInput(): void {
    const sample = this.#drawn
    this.#showMessage()
    this.#showBadge()
    if (sample === null) return
    const { input, legend } = this.#subject.paint(sample, this.#state)
    this.#picture.setInput(input)
    showLegend(this.#legend, legend)
    this.#showMessage()
    this.#summarise(sample)
  }

  #drawOverlay(): void {
    const context = this.#overlayContext
    const { theme, selection } = this.#state
    const { accent, surface, text } = signs[theme]
    const px = Math.max(1, Math.round(this.#ratio))
    context.clearRect(0, 0, this.#width, this.#height)
    if (this.#drawn === null) return
    const outline = (box: Box, colour: string, width: number) => {
      const inset = width / 2
      context.lineWidth = width
      context.strokeStyle = colour
      context.strokeRect(Math.round(box.left) + inset, Math.round(box.top) + inset, Math.max(px, Math.round(box.right - box.left) - width), Math.max(px, Math.round(box.bottom - box.top) - width))
    }
    const hovered = this.#hovered()
    if (hovered !== null && hovered.token !== selection) for (const box of this.#picture.boxesOf(hovered.token)) outline(box, text, 2 * px)
    // Light inside dark, or the other way round: seen on every colour.
    for (const box of this.#picture.boxesOf(selection)) {
      outline(box, accent, 3 * px)
      outline({ left: box.left + 3 * px, top: box.top + 3 * px, right: box.right - 3 * px, bottom: box.bottom - 3 * px }, surface, px)
    }
    if (this.#rubber !== null) {
      const { left, top, right, bottom } = this.#rubber
      const box = { left: left * this.#ratio, top: top * this.#ratio, right: right * this.#ratio, bottom: bottom * this.#ratio }
      context.fillStyle = `${accent}33`
      context.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top)
      outline(box, accent, px)
    }
  }

  #hovered() {
    return this.#hover === null || this.#drawn === null ? null : this.#picture.hit(this.#hover.x * this.#ratio, this.#hover.y * this.#ratio)
  }

  #showTooltip(): void {
    const hovered = this.#rubber === null ? this.#hovered() : null
    if (hovered === null || this.#hover === null) {
      this.#tooltip.hide()
      return
    }
    const { clientWidth, clientHeight } = this.#stage
    this.#tooltip.show(`${this.#drawn?.sequence ?? 0} ${this.#state.area} ${hovered.token}`, () => hovered.describe(), this.#hover.x, this.#hover.y, clientWidth, clientHeight)
  }

  #setHover(at: { x: number, y: number } | null): void {
    this.#hover = at
    this.#request('overlay')
  }

  #click(x: number, y: number): void {
    this.#overlay.focus({ preventScroll: true })
    this.#select(this.#picture.hit(x * this.#ratio, y * this.#ratio)?.token ?? '')
  }

  /** Into what is under the pointer, one level at a time; out again when there is no further. */
  #doubleClick(x: number, y: number): void {
    const hit = this.#picture.hit(x * this.#ratio, y * this.#ratio)
    this.#moved(() => {
      if (hit === null || !this.#picture.enter(hit.token)) this.#picture.fit()
    })
  }

  #box(box: Box | null, isDone: boolean): void {
    this.#rubber = isDone ? null : box
    if (isDone && box !== null && box.right - box.left > 3 && box.bottom - box.top > 3) {
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
      this.#picture.fit()
      this.#picture.zoomToken = token
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
    if (this.#onKey(event.key, event.shiftKey)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  /** True when the key was the picture's. */
  #onKey(key: string, isShifted: boolean): boolean {
    const picture = this.#picture
    const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined
    if (arrow !== undefined && !isShifted) {
      this.#select(picture.move(this.#state.selection, arrow))
      return true
    }
    const middle = { x: this.#width / 2, y: this.#height / 2 }
    const pan = panStep * this.#ratio
    switch (isShifted && arrow !== undefined ? { left: 'a', right: 'd', up: 'w', down: 's' }[arrow] : key.toLowerCase()) {
      case 'enter':
        this.#moved(() => { picture.enter(this.#state.selection) })
        return true
      case 'escape':
      case 'backspace': return this.#back(key === 'Escape')
      case '+':
      case '=':
        this.#moved(() => { picture.zoomAt(middle.x, middle.y, zoomStep) })
        return true
      case '-':
        this.#moved(() => { picture.zoomAt(middle.x, middle.y, 1 / zoomStep) })
        return true
      case '0':
        this.#moved(() => {
          picture.fit()
          picture.zoomToken = ''
        })
        return true
      case 'w':
        this.#moved(() => { picture.pan(0, pan) })
        return true
      case 's':
        this.#moved(() => { picture.pan(0, -pan) })
        return true
      case 'a':
        this.#moved(() => { picture.pan(pan, 0) })
        return true
      case 'd':
        this.#moved(() => { picture.pan(-pan, 0) })
        return true
      default: return false
    }
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
    const waited = Math.floor((performance.now() - this.#made) / 1000)
    let text = ''
    if (this.#drawn === null) {
      // Past a second, it says for how long.
      const reason = this.#status.message === '' ? 'Waiting for the first picture' : this.#status.message
      text = waited > 1 ? `${reason} (${waited} s)` : this.#status.message
    } else if (this.#picture.isEmpty) {
      text = this.#subject.emptyText(this.#drawn, this.#state)
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
      else if (lagging) text = 'Lagging: this browser was too slow, samples were skipped'
    }
    setText(this.#badge, text)
    this.#badge.hidden = text === ''
  }

  /** Says what the picture shows, at most every few seconds: a live picture changes all the time. */
  #summarise(sample: Shown): void {
    const text = this.#subject.summary(sample, this.#state)
    this.#overlay.setAttribute('aria-label', `${text} Arrow keys move the selection, Enter zooms in, Escape goes back. The table of regions has the same facts.`)
    const now = performance.now()
    if (now < this.#summaryDue) return
    this.#summaryDue = now + 10_000
    setText(this.#summary, text)
  }

  #saySelection(): void {
    const found = this.#picture.find(this.#state.selection)
    if (found === null) return
    const { title, category, lines } = found.describe()
    setText(this.#summary, `${title}, ${categoryNames[category]}. ${lines.slice(0, 4).map(([name, value]) => `${name} ${value}`).join(', ')}`)
  }
}
