import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { backoff } from '../src/lib/backoff.ts'
import { fileName, formatBytes, formatExactBytes, formatPageAddress, formatShare, parsePageAddress } from '../src/lib/format.ts'
import { protectionClass, protectionClasses, protectionText } from '../src/lib/protection.ts'
import { Protection } from '../src/lib/region-table.ts'
import { change, defaultState } from '../src/lib/view-state.ts'

describe('formatBytes', () => {
  const cases: [number, string][] = [
    [0, '0 B'], [1, '1 B'], [1023, '1023 B'], [1024, '1 KiB'], [4096, '4 KiB'], [1536, '1.5 KiB'], [1048575, '1 MiB'], [35_756_442, '34.1 MiB'], [2 ** 30, '1 GiB'],
    [2 ** 47, '128 TiB'], [2 ** 60, '1 EiB'], [-4096, '-4 KiB'],
  ]
  for (const [bytes, text] of cases) it(`formatBytes_${bytes}_Is${text}`, () => { assert.equal(formatBytes(bytes), text) })

  it('formatBytes_AnySize_IsWithinHalfATenthOfTheUnit', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (bytes) => {
      const [value, unit] = formatBytes(bytes).split(' ')
      const factor = 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].indexOf(unit)
      assert.ok(Math.abs(Number(value) * factor - bytes) <= 0.05001 * factor)
      assert.ok(Number(value) < 1024)
    }))
  })

  it('formatExactBytes_AThousandAndMore_HasSeparators', () => { assert.equal(formatExactBytes(35_651_584), '35,651,584 B') })
  it('formatShare_SmallAndLarge_AreReadable', () => { assert.deepEqual([0, 0.0004, 0.004, 0.12, 1].map(formatShare), ['0 %', '<0.1 %', '0.4 %', '12 %', '100 %']) })
})

describe('addresses', () => {
  it('formatPageAddress_AnyPage_IsTheExactAddressInHex', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 52n - 1n }), (page) => {
      const text = formatPageAddress(Number(page))
      assert.equal(BigInt(text), page << 12n)
      assert.equal(parsePageAddress(text), Number(page))
    }))
  })
  it('parsePageAddress_InsideAPage_IsThePage', () => { assert.equal(parsePageAddress('0xffffffffff601234'), 0xffffffffff601) })
  it('parsePageAddress_NoAddress_IsMinusOne', () => { for (const text of ['', '0x', '7f00', '0xg', '0x11112222333344445']) assert.equal(parsePageAddress(text), -1) })
  it('fileName_PathsOfBothSystems_IsTheLastPart', () => {
    assert.deepEqual(['/usr/bin/node', 'C:\\Windows\\ntdll.dll', '[heap]', '/a/'].map(fileName), ['node', 'ntdll.dll', '[heap]', '/a/'])
  })
})

describe('protection', () => {
  it('protectionText_Linux_IsAsInMaps', () => {
    assert.deepEqual([0, 1, 3, 5, 7, 131].map((flags) => protectionText(flags, 'linux')), ['---p', 'r--p', 'rw-p', 'r-xp', 'rwxp', 'rw-s'])
  })
  it('protectionText_Windows_IsInWords', () => {
    assert.deepEqual([0, 1, 3, 5, 19, 256, 9].map((flags) => protectionText(flags, 'windows')),
      ['No Access', 'Read', 'Read/Write', 'Execute/Read', 'Read/Write/Guard', 'Reserved', 'Read/Copy on Write'])
  })
  it('protectionClass_EveryFlagSet_HasAName', () => {
    for (let flags = 0; flags < 512; flags++) assert.ok(protectionClass(flags) < protectionClasses.length)
    assert.equal(protectionClasses[protectionClass(Protection.read | Protection.write | Protection.execute)], 'Read, write, execute')
    assert.equal(protectionClasses[protectionClass(Protection.read | Protection.execute)], 'Read, execute')
    assert.equal(protectionClasses[protectionClass(Protection.read | Protection.write | Protection.guard)], 'Guard')
  })
})

describe('view state', () => {
  it('change_WhatIsNoState_IsLeftOut', () => {
    const state = change(defaultState, { view: 'globe', area: 'weight', colour: 7, filter: 'x', theme: 'dark', paused: 'yes', zoom: 'c:Heap' })
    assert.deepEqual(state, { ...defaultState, filter: 'x', theme: 'dark', zoom: 'c:Heap' })
  })
  it('change_Nothing_KeepsTheState', () => { assert.deepEqual(change({ ...defaultState, paused: true }, {}), { ...defaultState, paused: true }) })
})

describe('backoff', () => {
  it('backoff_TryAfterTry_WaitsLongerUpToFifteenSeconds', () => {
    const middle = () => 0.5
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => backoff(attempt, middle)), [0, 1000, 2000, 4000, 8000, 15000, 15000, 15000])
  })
  it('backoff_AnyRandom_StaysWithinAQuarter', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
      const wait = backoff(3, () => random)
      assert.ok(wait >= 3000 && wait <= 5000)
    }))
  })
})
