// Which theme the page is in. The choice is kept in a cookie, so that the server renders the right one at once; the choice "system"
// follows the operating system. The theme in force is data-theme on <html>; the stylesheet and the canvases go by it.
import { type DotNetObject, notify } from './dotnet.ts'
import type { Theme } from '../lib/colours.ts'

export type ThemeChoice = Theme | 'system'

export const cookieName = 'webvmmap-theme'
const yearInSeconds = 365 * 24 * 3600

const systemDark = () => matchMedia('(prefers-color-scheme: dark)')

/** The kept choice; "system" when there is none. */
export function choice(): ThemeChoice {
  const kept = new RegExp(`(?:^|; )${cookieName}=(light|dark|system)(?:;|$)`).exec(document.cookie)
  return kept === null ? 'system' : kept[1] as ThemeChoice
}

/** What a choice comes to on this machine, now. */
export function resolve(wanted: ThemeChoice = choice()): Theme {
  if (wanted !== 'system') return wanted
  return systemDark().matches ? 'dark' : 'light'
}

/** Keeps a choice, puts it in force and returns the theme that it comes to. */
export function set(wanted: ThemeChoice): Theme {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${cookieName}=${wanted}; Path=/; Max-Age=${yearInSeconds}; SameSite=Lax${secure}`
  return apply()
}

/** Puts the kept choice in force and returns the theme that it comes to. */
export function apply(): Theme {
  const theme = resolve()
  document.documentElement.dataset['theme'] = theme
  return theme
}

/** Calls OnSystemTheme("light" | "dark") on the page when the operating system changes and the choice is "system". */
export function watch(dotnet: DotNetObject): { dispose(): void } {
  const query = systemDark()
  const changed = () => {
    if (choice() === 'system') notify(dotnet, 'OnSystemTheme', apply())
  }
  query.addEventListener('change', changed)
  return { dispose: () => { query.removeEventListener('change', changed) } }
}
