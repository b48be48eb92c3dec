// Watches the picture from before the page's first script: when it is first painted, and when its pixels change.
// Each frame of the browser the canvas is drawn smaller and compared; a time is that of the frame after the pixels were there.
(() => {
  const [width, height] = [320, 180]
  const state = { painted: 0, changed: 0, changes: 0, frames: 0 }
  globalThis.benchmarkPicture = state
  const small = document.createElement('canvas')
  Object.assign(small, { width, height })
  const context = small.getContext('2d', { willReadFrequently: true })
  let last = null
  const look = () => {
    requestAnimationFrame(look)
    state.frames++
    const canvas = document.querySelector('.region-canvas canvas')
    if (canvas === null || canvas.width === 0) return
    context.clearRect(0, 0, width, height)
    context.drawImage(canvas, 0, 0, width, height)
    const now = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
    if (state.painted === 0) {
      const opaque = now.reduce((sum, pixel) => sum + (pixel >>> 24 > 128 ? 1 : 0), 0)
      if (opaque < now.length / 2 || new Set(now).size < 3) return
      requestAnimationFrame(() => { state.painted = performance.now() })
    } else if (last !== null && now.some((pixel, i) => pixel !== last[i])) {
      state.changes++
      requestAnimationFrame(() => { state.changed = performance.now() })
    }
    last = now
  }
  requestAnimationFrame(look)
})()
