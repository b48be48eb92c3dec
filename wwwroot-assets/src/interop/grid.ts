// What a virtualized table needs of the browser: its keys for itself, and its active row in sight.

const movingKeys = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', ' '])

/** Keeps the keys that move the active row from scrolling the grid or the page; Blazor hears them all the same. */
export function bind(grid: HTMLElement): { dispose(): void } {
  const pressed = (event: KeyboardEvent) => {
    if (event.target === grid && movingKeys.has(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) event.preventDefault()
  }
  grid.addEventListener('keydown', pressed)
  return { dispose: () => { grid.removeEventListener('keydown', pressed) } }
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
