// What a virtualized table needs of the browser: its keys for itself, its active row in sight, and what is read in its place.
import { type DotNetObject, notify } from './dotnet.ts'

const movingKeys = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', ' '])

/**
 * Keeps the keys that move the active row from scrolling the grid or the page (Blazor hears them all the same), calls
 * OnReading(true or false) when somebody begins or ceases to read the grid, keeps the first row in sight in its place
 * while the grid says that it is data-anchored, and copies text marked with the mouse as lines and tabs.
 */
export function bind(grid: HTMLElement, dotnet: DotNetObject | null): { dispose(): void } {
  const stop = new AbortController()
  const { signal } = stop
  grid.addEventListener('keydown', (event) => {
    if (event.target === grid && movingKeys.has(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) event.preventDefault()
  }, { signal })
  copyMarked(grid, signal)
  watchReading(grid, (isRead) => { notify(dotnet, 'OnReading', isRead) }, signal)
  const observer = anchorRows(grid, signal)
  return {
    dispose: () => {
      stop.abort()
      observer.disconnect()
    },
  }
}

/** Cells and the parts of a path are boxes of their own; copied as they are, each would stand on a line of its own. */
function copyMarked(grid: HTMLElement, signal: AbortSignal): void {
  const marked = () => {
    const selection = document.getSelection()
    return selection === null || selection.isCollapsed || !grid.contains(selection.anchorNode) ? null : selection.getRangeAt(0)
  }
  grid.addEventListener('copy', (event) => {
    const range = marked()
    if (range === null || event.clipboardData === null) return
    event.clipboardData.setData('text/plain', textOf(range.cloneContents()))
    event.preventDefault()
  }, { signal })
  // Marked text is what Ctrl+C is for then, not the selected rows.
  grid.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey) && marked() !== null) event.stopPropagation()
  }, { signal })
}

/** The text of a part of a grid: rows divided by line ends, cells by tabs. */
export function textOf(part: ParentNode & Node): string {
  const cells = (row: ParentNode & Node) => {
    const found = [...row.querySelectorAll('[role=gridcell]')]
    return found.length === 0 ? (row.textContent ?? '').trim() : found.map((cell) => cell.textContent.trim()).join('\t')
  }
  const rows = [...part.querySelectorAll('[role=row]')]
  return rows.length === 0 ? cells(part) : rows.map(cells).join('\n')
}

/** Read means: the pointer is over the grid, the focus is in it, or it is scrolled away from its top. */
function watchReading(grid: HTMLElement, changed: (isRead: boolean) => void, signal: AbortSignal): void {
  let told = false
  const tell = (pointerIsOver: boolean) => {
    const isRead = pointerIsOver || grid.contains(document.activeElement) || grid.scrollTop > 0
    if (isRead !== told) changed(told = isRead)
  }
  const look = () => { tell(grid.matches(':hover')) }
  grid.addEventListener('pointerenter', () => { tell(true) }, { signal })
  grid.addEventListener('pointerleave', () => { tell(false) }, { signal })
  grid.addEventListener('focusin', look, { signal })
  // While it goes, the focus is nowhere.
  grid.addEventListener('focusout', () => { queueMicrotask(look) }, { signal })
  grid.addEventListener('scroll', look, { signal, passive: true })
  look()
}

interface PlacedRow { key: string, index: number }

/** Rows are known by data-row; aria-rowindex is their place, and all are of one height. */
function anchorRows(grid: HTMLElement, signal: AbortSignal): MutationObserver {
  const height = Number(grid.dataset.rowHeight)
  const rows = (): PlacedRow[] => [...grid.querySelectorAll<HTMLElement>('[data-row]')]
    .map((row) => ({ key: row.dataset.row ?? '', index: Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex')) - 2 }))
    .sort((a, b) => a.index - b.index)
  let seen: PlacedRow[] = []
  const look = () => {
    const first = Math.floor(grid.scrollTop / height)
    seen = rows().filter(({ index }) => index >= first)
  }
  const observer = new MutationObserver(() => {
    if (grid.dataset.anchored === 'true' && grid.scrollTop > 0) {
      const shift = anchorShift(seen, rows())
      if (shift !== 0) grid.scrollTop += shift * height
    }
    look()
  })
  observer.observe(grid, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-row'] })
  grid.addEventListener('scroll', look, { signal, passive: true })
  look()
  return observer
}

/** By how many rows the first of the rows that were in sight and still are has moved; 0 when none is left. */
export function anchorShift(before: readonly PlacedRow[], after: readonly PlacedRow[]): number {
  const now = new Map(after.map(({ key, index }) => [key, index]))
  for (const { key, index } of before) {
    const at = now.get(key)
    if (at !== undefined) return at - index
  }
  return 0
}

/** Scrolls the grid by as little as brings a row into sight below its head. Rows are all of one height, in CSS pixels. */
export function scrollRowIntoView(grid: HTMLElement, index: number, rowHeight: number): void {
  const head = grid.querySelector<HTMLElement>('.grid-head')?.offsetHeight ?? 0
  const top = index * rowHeight
  const bottom = top + rowHeight
  const height = grid.clientHeight - head
  if (top < grid.scrollTop) grid.scrollTop = top
  else if (bottom > grid.scrollTop + height) grid.scrollTop = bottom - height
}
