import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type Hex, type Theme, categoryColours, categoryNames, channels, contrast, fromChannels, mix, signs, textOn, toCss } from '../src/lib/colours.ts'
import { diffColours, makeDiffPalette } from '../src/lib/diff-palette.ts'
import { dimRows, dimmed, gapColour, headerColour, legendOf, makePalette, paintRows } from '../src/lib/palette.ts'
import { sampleOf, tableOf } from './support/arbitraries.ts'
import { assetsRoot } from './support/assets.ts'

const themes: Theme[] = ['light', 'dark']

/** CIE L*a*b* of a linear colour, D65. */
function lab([red, green, blue]: readonly number[]): number[] {
  const f = (t: number) => t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116
  const x = f((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
  const y = f(0.2126729 * red + 0.7151522 * green + 0.072175 * blue)
  const z = f((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** Machado, Oliveira, Fernandes 2009, severity 1. */
const sights: Record<string, number[][]> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopic: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopic: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopic: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

function seen(colour: Hex, sight: number[][]): number[] {
  const linear = channels(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return lab(sight.map((row) => Math.min(1, Math.max(0, row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]))))
}

describe('category colours', () => {
  for (const theme of themes) {
    for (const [name, sight] of Object.entries(sights)) {
      it(`nearestPair_${theme}_StaysApartUnder${name}Sight`, () => {
        const points = categoryColours[theme].slice(1).map((colour) => seen(colour, sight))
        let nearest = Infinity
        points.forEach((a, i) => { points.slice(0, i).forEach((b) => { nearest = Math.min(nearest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])) }); })
        assert.ok(nearest >= 20, `nearest pair ${nearest.toFixed(1)}`)
      })
    }

    it(`textOn_EveryBoxColourOf${theme}_ReadsWell`, () => {
      const { css, text } = makePalette('category', theme)
      for (let category = 1; category <= 10; category++) {
        for (let shade = 0; shade < 4; shade++) {
          const at = category * 4 + shade
          assert.ok(contrast(css[at] as Hex, text[at] as Hex) >= 4.5, `${categoryNames[category]} ${shade}: ${contrast(css[at] as Hex, text[at] as Hex)}`)
        }
      }
    })

    it(`signs_Of${theme}_ReadWellOnTheSurface`, () => {
      const { surface, text, muted, accent, warning, growth, shrinkage } = signs[theme]
      for (const colour of [text, muted, accent, warning, growth, shrinkage]) assert.ok(contrast(colour, surface) >= 4.5, `${colour} ${contrast(colour, surface)}`)
    })
  }

  for (const theme of themes) {
    for (const [name, sight] of Object.entries(sights)) {
      it(`changes_${theme}_StayApartUnder${name}Sight`, () => {
        // What grew, what shrank, what is the same, and the ground they stand on.
        const { growth, shrinkage, same } = diffColours(theme)
        const points = [growth, shrinkage, same].map((colour) => seen(colour, sight))
        let nearest = Infinity
        points.forEach((a, i) => { points.slice(0, i).forEach((b) => { nearest = Math.min(nearest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])) }) })
        assert.ok(nearest >= (theme === 'light' ? 22 : 24), `nearest pair ${nearest.toFixed(1)}`)
      })
    }

    it(`makeDiffPalette_EveryColourOf${theme}_HasTextThatReads`, () => {
      for (const isDifference of [true, false]) {
        const { css, text } = makeDiffPalette(isDifference, theme)
        css.forEach((colour, at) => { assert.ok(contrast(colour as Hex, text[at] as Hex) >= 4.5, `${at} ${colour}`) })
      }
    })
  }

  it('toCss_EveryCategory_HasACustomPropertyInBothThemes', () => {
    const css = toCss()
    for (const theme of themes) {
      for (const colour of categoryColours[theme].slice(1)) assert.ok(css.includes(colour), colour)
    }
    assert.match(css, /--wvm-mapped-file:light-dark\(#5FC5FD,#92DEFF\)/)
    assert.match(css, /--wvm-image-text:light-dark\(#FFFFFF,#FFFFFF\)/)
  })

  it('fromChannels_OfChannels_IsTheColour', () => { for (const colour of categoryColours.light) assert.equal(fromChannels(...channels(colour)), colour) })
  it('mix_Ends_AreTheColours', () => { assert.deepEqual([mix('#102030', '#FFFFFF', 0), mix('#102030', '#FFFFFF', 1)], ['#102030', '#FFFFFF']) })
  it('textOn_BlackAndWhite_IsTheOther', () => { assert.deepEqual([textOn('#000000'), textOn('#FFFFFF')], ['#FFFFFF', '#000000']) })
})

describe('palette', () => {
  const table = tableOf([
    { page: 16, pages: 1, category: 1, protection: 5 }, { page: 17, pages: 1, category: 1, protection: 1 }, { page: 18, pages: 2, category: 7, protection: 3, privateWs: 4096 },
    { page: 30, pages: 1, category: 10 },
  ])

  it('paintRows_Category_DarkensExecutableMoreThanReadOnly', () => {
    const { css } = makePalette('category', 'light')
    const [executable, readOnly, writable] = [...paintRows(table, 'category')].map((colour) => css[colour])
    assert.equal(writable, categoryColours.light[7])
    assert.ok(contrast(executable as Hex, '#FFFFFF') > contrast(readOnly as Hex, '#FFFFFF'))
    assert.ok(contrast(readOnly as Hex, '#FFFFFF') > contrast(categoryColours.light[1], '#FFFFFF'))
  })

  it('paintRows_Residency_FollowsTheShareResident', () => { assert.deepEqual([...paintRows(table, 'residency')], [0, 0, 5, 0]) })

  it('dimRows_SomeUnwanted_DimsTheseAndCountsTheOthers', () => {
    const paint = paintRows(table, 'category')
    const before = [...paint]
    assert.equal(dimRows(paint, (row) => row === 2), 1)
    assert.deepEqual([...paint], before.map((colour, row) => row === 2 ? colour : colour + dimmed))
  })

  it('makePalette_EveryIndexInUse_IsDistinctFromTheOtherKinds', () => {
    const all = [...Array.from({ length: 44 }, (_, i) => i), ...Array.from({ length: 44 }, (_, i) => dimmed + i)]
    for (let category = 0; category <= 10; category++) all.push(headerColour(category, false), headerColour(category, true), gapColour(category))
    assert.equal(new Set(all).size, all.length)
    assert.ok(Math.max(...all) < 255)
  })

  it('makePalette_Pixels_AreTheColoursAsImageDataHoldsThem', () => {
    const { css, pixels } = makePalette('category', 'dark')
    const bytes = new Uint8Array(Uint32Array.of(pixels[28]).buffer)
    assert.deepEqual([...bytes], [...channels(css[28] as Hex), 255])
  })

  it('legendOf_Picture_NamesOnlyWhatIsInIt', () => {
    const { table } = sampleOf([{ page: 16, pages: 1, category: 4, protection: 3 }, { page: 20, pages: 1, category: 10 }])
    const palette = makePalette('category', 'light')
    assert.deepEqual(legendOf(table, 'category', palette, 'linux', true).map(({ name }) => name), ['Heap', 'Free'])
    assert.deepEqual(legendOf(table, 'category', palette, 'linux', false).map(({ name }) => name), ['Heap'])
    assert.deepEqual(legendOf(table, 'protection', palette, 'linux', false).map(({ name }) => name), ['Read, write'])
  })
})

describe('packages', () => {
  const read = (path: string) => readFileSync(`${assetsRoot}node_modules/apexcharts/${path}`, 'utf8')

  it('apexcharts_Pinned_IsTheLastReleaseUnderMit', () => {
    const { version, license } = JSON.parse(read('package.json')) as { version: string, license: string }
    assert.equal(version, '4.7.0')
    assert.equal(license, 'MIT')
    assert.match(read('LICENSE'), /MIT License[\s\S]*Permission is hereby granted, free of charge/)
    const { dependencies } = JSON.parse(readFileSync(`${assetsRoot}package.json`, 'utf8')) as { dependencies: Record<string, string> }
    assert.equal(dependencies['apexcharts'], '4.7.0')
  })

  it('packageLock_Entries_NameNoRegistry', () => {
    const { packages } = JSON.parse(readFileSync(`${assetsRoot}package-lock.json`, 'utf8')) as { packages: Record<string, { resolved?: string, integrity?: string }> }
    for (const [name, { resolved, integrity }] of Object.entries(packages)) {
      assert.equal(resolved, undefined, name)
      if (name !== '') assert.ok(integrity?.startsWith('sha512-') === true, name)
    }
  })
})
