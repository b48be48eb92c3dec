// Pointer, wheel and touch on a canvas, told apart into what they mean. Places are CSS pixels from the canvas's corner.
import type { Box } from '../lib/treemap-scene.ts'

export interface Gestures {
  hover(x: number, y: number): void
  leave(): void
  click(x: number, y: number): void
  doubleClick(x: number, y: number): void
  pan(dx: number, dy: number): void
  zoom(x: number, y: number, factor: number): void
  /** A box drawn with shift held; `isDone` when it is let go. null takes it back. */
  box(box: Box | null, isDone: boolean): void
}

/** A press that moves less than this is a click. */
const clickSlop = 4

interface Pointer { x: number, y: number }

/** Listens on a canvas until the signal is aborted. */
export function listenToGestures(canvas: HTMLCanvasElement, on: Gestures, signal: AbortSignal): void {
  const pointers = new Map<number, Pointer>()
  let start: Pointer | null = null
  let isDragging = false
  let isBox = false

  const place = (event: MouseEvent): Pointer => {
    const { left, top } = canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const boxTo = (from: Pointer, to: Pointer): Box => ({
    left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), right: Math.max(from.x, to.x), bottom: Math.max(from.y, to.y),
  })
  const pinch = (): { x: number, y: number, distance: number } => {
    const [a, b] = [...pointers.values()]
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) }
  }
  const cancel = () => {
    if (isBox) on.box(null, false)
    start = null
    isDragging = false
    isBox = false
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    const at = place(event)
    pointers.set(event.pointerId, at)
    canvas.setPointerCapture(event.pointerId)
    if (pointers.size > 1) {
      cancel()
      return
    }
    start = at
    isBox = event.shiftKey
  }, { signal })

  canvas.addEventListener('pointermove', (event) => {
    const at = place(event)
    const last = pointers.get(event.pointerId)
    if (last === undefined) {
      if (event.pointerType !== 'touch') on.hover(at.x, at.y)
      return
    }
    if (pointers.size === 2) {
      const before = pinch()
      pointers.set(event.pointerId, at)
      const after = pinch()
      on.pan(after.x - before.x, after.y - before.y)
      on.zoom(after.x, after.y, after.distance / before.distance)
      return
    }
    pointers.set(event.pointerId, at)
    if (start === null) return
    isDragging ||= Math.hypot(at.x - start.x, at.y - start.y) > clickSlop
    if (!isDragging) return
    if (isBox) on.box(boxTo(start, at), false)
    else on.pan(at.x - last.x, at.y - last.y)
  }, { signal })

  canvas.addEventListener('pointerup', (event) => {
    const at = place(event)
    if (!pointers.delete(event.pointerId) || start === null) return
    if (isBox && isDragging) on.box(boxTo(start, at), true)
    else if (!isDragging) on.click(at.x, at.y)
    start = null
    isDragging = false
    isBox = false
  }, { signal })

  canvas.addEventListener('pointercancel', (event) => {
    pointers.delete(event.pointerId)
    cancel()
  }, { signal })
  // Else the browser would scroll by two fingers, and take the pointers away.
  const keepTwoFingers = (event: TouchEvent) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault()
  }
  canvas.addEventListener('touchstart', keepTwoFingers, { signal, passive: false })
  canvas.addEventListener('touchmove', keepTwoFingers, { signal, passive: false })
  canvas.addEventListener('pointerleave', () => { on.leave() }, { signal })
  canvas.addEventListener('dblclick', (event) => {
    const at = place(event)
    on.doubleClick(at.x, at.y)
  }, { signal })
  canvas.addEventListener('wheel', (event) => {
    // With ctrl held a touchpad means a pinch; both are taken from the page, which would zoom itself.
    event.preventDefault()
    const at = place(event)
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 300 : 1
    const speed = event.ctrlKey ? 0.01 : 0.0022
    on.zoom(at.x, at.y, Math.exp(-Math.min(300, Math.max(-300, event.deltaY * lines)) * speed))
  }, { signal, passive: false })
}
