import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { scriptInElement } from '../page/markup.js'
import { showCharts } from './in-page.js'
import { paintBands, paintNames, paintStages } from './painting.js'

/** Charts draw themselves once the page has loaded: the library's own minified build, 51 KB, and the functions that use it. */
export function chartScripts(): readonly string[] {
  const painting = `{ stages: ${paintStages}, names: ${paintNames}, bands: ${paintBands} }`
  const show = `(${showCharts})(globalThis, ${painting})`
  return [fileOfLibrary('uPlot.iife.min.js'), show].map(scriptInElement)
}

export function libraryStyle(): string {
  return fileOfLibrary('uPlot.min.css')
}

function fileOfLibrary(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8')
}
