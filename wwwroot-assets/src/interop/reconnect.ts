// The banner of a lost circuit. Blazor tells #components-reconnect-modal what it is at; this says so in data-state, so that style
// rules can show the banner while the last picture stays readable behind it.

interface BlazorCircuit {
  reconnect?: () => Promise<boolean>
  resumeCircuit?: () => Promise<boolean>
}

/** How long to wait before a hub that did not answer is asked again, after Blazor itself has given up (some six minutes). */
const patienceMs = 10_000

const circuit = (): BlazorCircuit => (globalThis as { Blazor?: BlazorCircuit }).Blazor ?? {}

/** Binds the banner, if the document has one: data-state is hide, show, retrying, failed, rejected or paused; a button in it with data-reconnect retries. */
export function attachReconnect(page: Document): void {
  const banner = page.getElementById('components-reconnect-modal')
  if (banner === null) return

  let waiting: ReturnType<typeof setTimeout> | undefined
  const retryLater = () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => { void retry() }, patienceMs)
    page.addEventListener('visibilitychange', whenSeen)
  }
  const retry = async () => {
    clearTimeout(waiting)
    page.removeEventListener('visibilitychange', whenSeen)
    try {
      if (await circuit().reconnect?.() === true || await circuit().resumeCircuit?.() === true) {
        banner.dataset['state'] = 'hide'
        return
      }
      // The server answers but does not know this circuit any more: everything on the page is in its address.
      page.defaultView?.location.reload()
    } catch (error) {
      console.debug('reconnect failed', error)
      retryLater()
    }
  }
  const whenSeen = () => {
    if (page.visibilityState === 'visible') void retry()
  }

  banner.addEventListener('components-reconnect-state-changed', (event) => {
    const state = (event as CustomEvent<{ state: string }>).detail.state
    banner.dataset['state'] = state
    if (state === 'failed') retryLater()
    if (state === 'rejected') page.defaultView?.location.reload()
  })
  banner.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-reconnect]') !== null) void retry()
  })
}
