// What the benchmarks do to a canvas, and how they time it.

export const fetchFrame = async (name: string) => new Uint8Array(await (await fetch(`/frames/${name}`)).arrayBuffer())
export const nextFrame = () => new Promise<number>((done) => { requestAnimationFrame(done) })
export const median = (values: number[]) => values.slice().sort((a, b) => a - b)[values.length >> 1]

/** Milliseconds until what was asked for has been drawn; reading a pixel makes the canvas finish. */
export async function drawn(change: () => void): Promise<number> {
  const started = performance.now()
  change()
  await nextFrame()
  document.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1)
  return performance.now() - started
}

/** Frames a second while something moves with every one of them. */
export async function framesPerSecond(ms: number, move: (since: number) => void): Promise<{ fps: number, p95: number }> {
  const times: number[] = []
  const started = await nextFrame()
  for (let last = started; last - started < ms;) {
    move(last - started)
    const now = await nextFrame()
    times.push(now - last)
    last = now
  }
  times.sort((a, b) => a - b)
  return { fps: times.length / (times.reduce((all, time) => all + time, 0) / 1000), p95: times[Math.floor(times.length * 0.95)] }
}

const overlay = () => document.querySelector<HTMLElement>('.wvm-overlay')

export const wheel = (x: number, y: number, deltaY: number) => {
  overlay()?.dispatchEvent(new WheelEvent('wheel', { clientX: x, clientY: y, deltaY, cancelable: true }))
}

const pointer = { pointerId: 1, button: 0, pointerType: 'mouse', isPrimary: true }
export const press = (type: 'pointerdown' | 'pointerup', x: number, y: number) => {
  const target = overlay()
  // A made-up pointer cannot be captured.
  if (target !== null) target.setPointerCapture = () => undefined
  target?.dispatchEvent(new PointerEvent(type, { ...pointer, clientX: x, clientY: y }))
}
export const move = (x: number, y: number, buttons: number) => {
  overlay()?.dispatchEvent(new PointerEvent('pointermove', { ...pointer, buttons, clientX: x, clientY: y }))
}
export const drag = (x: number, y: number) => { move(x, y, 1) }
