// Notes what a recording's page says is live, and when the browser's frame after that change begins: milliseconds since 1970, bytes.
(() => {
  const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }
  const state = { seen: [] }
  globalThis.benchmarkShown = state
  let last = -1
  const look = () => {
    const said = /([\d.]+) (B|KiB|MiB|GiB) live in/.exec(document.querySelector('.span-figures')?.textContent ?? '')
    if (said === null) return
    const bytes = Number(said[1]) * units[said[2]]
    if (bytes === last) return
    last = bytes
    requestAnimationFrame(() => state.seen.push([Date.now(), bytes]))
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
})()
