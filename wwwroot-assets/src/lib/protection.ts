// Protections in words, as the users of each system know them: the twin of WebVmMap.Core.Regions.ProtectionText.
import { type Platform, Protection } from './region-table.ts'

const windowsWords: readonly (readonly [number, string])[] = [
  [Protection.execute, 'Execute'],
  [Protection.read, 'Read'],
  [Protection.write, 'Write'],
  [Protection.copyOnWrite, 'Copy on Write'],
  [Protection.guard, 'Guard'],
  [Protection.noCache, 'No Cache'],
  [Protection.writeCombine, 'Write Combine'],
]

/** "rw-p" on Linux, "Read/Write/Guard" on Windows. */
export function protectionText(protection: number, platform: Platform): string {
  const has = (flag: number) => (protection & flag) !== 0
  if (platform === 'linux') {
    return (has(Protection.read) ? 'r' : '-') + (has(Protection.write) ? 'w' : '-') + (has(Protection.execute) ? 'x' : '-') + (has(Protection.shared) ? 's' : 'p')
  }
  if (protection === Protection.reserved) return 'Reserved'
  const words = windowsWords.filter(([flag]) => has(flag)).map(([, word]) => word)
  return words.length === 0 ? 'No Access' : words.join('/')
}

/** The kinds of protection that the picture tells apart, in the order of its legend. */
export const protectionClasses = [
  'No access', 'Read', 'Read, write', 'Copy on write', 'Read, execute', 'Execute only', 'Read, write, execute', 'Guard', 'Reserved',
] as const

/** Index into protectionClasses. */
export function protectionClass(protection: number): number {
  if ((protection & Protection.reserved) !== 0) return 8
  if ((protection & Protection.guard) !== 0) return 7
  const writable = (protection & (Protection.write | Protection.copyOnWrite)) !== 0
  if ((protection & Protection.execute) !== 0) {
    if (writable) return 6
    return (protection & Protection.read) !== 0 ? 4 : 5
  }
  if ((protection & Protection.copyOnWrite) !== 0) return 3
  if (writable) return 2
  return (protection & Protection.read) !== 0 ? 1 : 0
}
