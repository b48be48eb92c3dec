// The elements around a picture. Names come from other people's machines: everything is set as text.
import { categoryNames, categoryProperty } from '../lib/colours.ts'
import type { Description } from '../lib/describe.ts'
import { formatBytes } from '../lib/format.ts'
import type { LegendEntry } from '../lib/palette.ts'
import type { Crumb } from './picture.ts'

export function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string, text = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  made.className = className
  if (text !== '') made.textContent = text
  return made
}

/** The path from the whole to what fills the canvas; every part but the last is a button. */
export function showCrumbs(nav: HTMLElement, crumbs: readonly Crumb[], go: (token: string) => void): void {
  const key = JSON.stringify(crumbs.map(({ name, token }) => [name, token]))
  if (nav.dataset['key'] !== key) {
    nav.dataset['key'] = key
    nav.replaceChildren(...crumbs.flatMap((crumb, i) => {
      const isLast = i === crumbs.length - 1
      const part = element(isLast ? 'span' : 'button', 'wvm-crumb')
      part.append(element('span', 'wvm-crumb-name', crumb.name), element('span', 'wvm-crumb-size'))
      part.title = crumb.name
      if (part instanceof HTMLButtonElement) {
        part.type = 'button'
        part.addEventListener('click', () => { go(crumb.token) })
      } else {
        part.setAttribute('aria-current', 'true')
      }
      return i === 0 ? [part] : [element('span', 'wvm-crumb-sign', '\u203A'), part]
    }))
  }
  const sizes = nav.querySelectorAll('.wvm-crumb-size')
  crumbs.forEach((crumb, i) => { setText(sizes[i], crumb.size > 0 ? formatBytes(crumb.size) : '') })
}

export function showLegend(list: HTMLElement, entries: readonly LegendEntry[]): void {
  const key = JSON.stringify(entries)
  if (list.dataset['key'] === key) return
  list.dataset['key'] = key
  list.replaceChildren(...entries.map(({ name, colour }) => {
    const item = element('li', 'wvm-legend-item', name)
    item.style.setProperty('--wvm-swatch', colour)
    return item
  }))
}

/** Sets a text only when it differs, so that screen readers are not told again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text
}

/** Everything about one box, beside the pointer and inside the view. */
export class Tooltip {
  readonly root = element('div', 'wvm-tooltip')
  readonly #swatch = element('span', 'wvm-tooltip-swatch')
  readonly #title = element('span', 'wvm-tooltip-title')
  readonly #category = element('div', 'wvm-tooltip-category')
  readonly #lines = element('dl', 'wvm-tooltip-lines')
  #shown: string | null = null

  constructor() {
    const head = element('div', 'wvm-tooltip-head')
    head.append(this.#swatch, this.#title)
    this.root.append(head, this.#category, this.#lines)
    this.root.hidden = true
    // What it says is said to screen readers by the view's own summary.
    this.root.setAttribute('aria-hidden', 'true')
  }

  /** Shows a description at a place of the view, in CSS pixels. `key` tells one description from another. */
  show(key: string, describe: () => Description, x: number, y: number, width: number, height: number): void {
    if (this.#shown !== key) {
      this.#shown = key
      this.#fill(describe())
    }
    this.root.hidden = false
    const { offsetWidth, offsetHeight } = this.root
    const left = x + 16 + offsetWidth <= width ? x + 16 : Math.max(4, x - 12 - offsetWidth)
    const top = y + 16 + offsetHeight <= height ? y + 16 : Math.max(4, height - offsetHeight - 4)
    this.root.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`
  }

  hide(): void {
    this.#shown = null
    this.root.hidden = true
  }

  #fill({ title, category, lines }: Description): void {
    this.#swatch.hidden = category === 0
    if (category > 0) this.#swatch.style.background = `var(${categoryProperty(category)})`
    this.#title.textContent = title
    const name = categoryNames[category]
    this.#category.textContent = category === 0 || name === title ? '' : name
    this.#lines.replaceChildren(...lines.flatMap(([label, value]) => [element('dt', '', label), element('dd', '', value)]))
  }
}

