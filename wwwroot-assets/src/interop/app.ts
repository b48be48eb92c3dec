// What a page needs of the browser besides its pictures: keys, the clipboard, the address line, the reconnect banner, files.
import { type DotNetObject, notify } from './dotnet.ts'
import { attachImport } from './import-files.ts'
import { attachReconnect } from './reconnect.ts'

/** True where keys belong to the element: fields, editable text, and menus or dialogs that handle them themselves. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="combobox"], [role="searchbox"]')
}

/** Space and Enter press what they are on. */
const isPressable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a[href], summary, [role="button"], [role="menuitem"], [role="tab"], [role="option"], [role="checkbox"], [role="switch"]') !== null

/** The name of the page's answer to a key, or '' when the key is not the page's. */
export function hotkeyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'defaultPrevented' | 'target'>): string {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return ''
  if (isTyping(event.target)) return ''
  if (event.key === ' ') return isPressable(event.target) ? '' : 'pause'
  if (event.key === '/') return 'filter'
  if (event.key === '?') return 'help'
  if (event.key === 'Escape') return 'back'
  return /^[1-9]$/.test(event.key) ? event.key : ''
}

/**
 * Listens to the page's keys: "/" focuses the element with data-hotkey="filter"; the others call OnHotkey(name) with
 * "pause" (space), "help" (?), "back" (Esc) or "1" to "9" (views). A canvas that used a key itself has taken it already.
 */
export function hotkeys(dotnet: DotNetObject): { dispose(): void } {
  const pressed = (event: KeyboardEvent) => {
    const name = hotkeyOf(event)
    if (name === '') return
    if (name === 'filter') {
      const field = document.querySelector<HTMLElement>('input[data-hotkey="filter"], [data-hotkey="filter"] input')
      if (field === null) return
      event.preventDefault()
      field.focus()
      if (field instanceof HTMLInputElement) field.select()
      return
    }
    if (name === 'pause') event.preventDefault()
    if (!event.repeat) notify(dotnet, 'OnHotkey', name)
  }
  document.addEventListener('keydown', pressed)
  return { dispose: () => { document.removeEventListener('keydown', pressed) } }
}

/** Copies a text; false when the browser does not allow it. */
export async function copy(text: string): Promise<boolean> {
  // Only secure contexts (HTTPS, loopback) have a clipboard.
  if (!window.isSecureContext) return false
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Puts a path and query of this site into the address line, without a step in the history. */
export function replaceUrl(url: string): void {
  const wanted = new URL(url, document.baseURI)
  if (wanted.origin !== location.origin) throw new Error(`replaceUrl: ${wanted.origin} is another site`)
  if (wanted.href !== location.href) history.replaceState(history.state, '', wanted)
}

/**
 * Gives the session back to the hub, which then shows how to sign in. Not by a form: pages here send no referrer, and so a form's
 * request would name no origin, which the hub takes for another site's.
 */
export async function signOut(): Promise<void> {
  await fetch('/logout', { method: 'POST', redirect: 'manual' })
  location.replace('/')
}

attachReconnect(document)
attachImport(document)

/** Scrolls an element so that what it holds stands in its middle. */
export function centre(scroll: HTMLElement | null, selector: string): void {
  const wanted = scroll?.querySelector<HTMLElement>(selector) ?? null
  if (scroll === null || wanted === null) return
  scroll.scrollTop = wanted.offsetTop - (scroll.clientHeight - wanted.offsetHeight) / 2
}
