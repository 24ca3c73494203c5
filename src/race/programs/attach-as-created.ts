import { AttachError } from '../../breaker/errors.js'
import { ControlWords } from '../../breaker/life/control-word.js'
import { beginningIn } from '../../breaker/life/open-wait.js'
import { TransitionLog } from '../../breaker/life/transition-log.js'
import { resolveOptions } from '../../breaker/resolve-options.js'
import { loadConfiguration } from '../../breaker/storage/configuration-block.js'
import { Header, MemoryMap } from '../../breaker/storage/memory-map.js'
import { initializeRegion, readRegion } from '../../breaker/storage/region.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { CELLS_PER_LINE } from '../../memory/layout.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const { configuration, initialState, sizes } = resolveOptions({
  name: 'raced',
  maxThreads: 2,
  eventCapacity: 16,
  initialState: 'open',
  maxConcurrentCalls: 3,
  slidingWindow: { type: 'count', size: 8 },
  minimumCalls: 4,
  transitionToStateAfterWaitDuration: 'closed',
  // One that is kept in microseconds, and one too long for that.
  leaseDurationMs: 0.5,
  waitDurationInOpenStateMs: 3_600_000,
})
/** Behind another's memory, so that no cell is where it would be at 0. */
const map = new MemoryMap(CELLS_PER_LINE, sizes)
const END = map.base + map.size

type Body = Program['threads'][number]

const creates: Body = (cells) => {
  initializeRegion(cells, map, configuration, beginningIn(initialState, configuration, START_MS))
}

/** All of it or nothing: the map, the life that it begins with, and the rules. */
const attaches: Body = (cells) => {
  const refused = refusal(cells)
  if (refused !== undefined) {
    if (refused !== 'ERR_NOT_A_BREAKER') throw new Error(`it is refused for ${refused}`)
    return refused
  }
  expectAll(cells)
  return 'attached'
}

function expectAll(cells: Cells): void {
  const found = readRegion(cells, map.base)
  if (JSON.stringify(found.sizes) !== JSON.stringify(sizes)) throw new Error(`sizes ${JSON.stringify(found.sizes)}`)
  const { life } = new TransitionLog(cells, found, new ControlWords(sizes.slots)).current()
  if (life.attempt !== 1 || life.beganMs !== START_MS) throw new Error(`its life is ${JSON.stringify(life)}`)
  const rules = loadConfiguration(cells, found.configuration(life.configuration))
  if (JSON.stringify(rules) !== JSON.stringify(configuration)) throw new Error(`its rules are ${JSON.stringify(rules)}`)
}

/** The code for which the memory is refused; undefined if it is taken. */
function refusal(cells: Cells, base = map.base): string | undefined {
  try {
    readRegion(cells, base)
    return undefined
  } catch (error) {
    if (error instanceof AttachError) return error.code
    throw error
  }
}

/** Memory that was written over in one cell of its header is refused, each cell for its own reason; and memory that ends too soon. */
function knowsItself(cells: Cells): void {
  expectAll(copyOf(cells, END))
  for (const [name, cell] of Object.entries(Header)) {
    const broken = copyOf(cells, END)
    broken.add(map.base + cell, 1000)
    expectRefused(`with another ${name}`, broken, name === 'version' ? 'ERR_LAYOUT_VERSION' : 'ERR_NOT_A_BREAKER')
  }
  expectRefused('a cell too short', copyOf(cells, END - 1), 'ERR_TRUNCATED')
  expectRefused('a line further', copyOf(cells, END + CELLS_PER_LINE), 'ERR_NOT_A_BREAKER', map.base + CELLS_PER_LINE)
}

function expectRefused(what: string, cells: Cells, due: string, base?: number): void {
  const code = refusal(cells, base)
  if (code !== due) throw new Error(`${what}, it is ${code ? `refused for ${code}` : 'taken'}; due is ${due}`)
}

function copyOf(cells: Cells, length: number): PrivateCells {
  const copy = new PrivateCells(length)
  for (let cell = 0; cell < Math.min(length, cells.length); cell++) copy.store(cell, cells.load(cell))
  return copy
}

const created: RacedCase = {
  name: 'one creates, one attaches',
  effort: 'quick',
  program: { cells: END, threads: [creates, attaches] },
  questions: { assertion: {}, conservation: { check: knowsItself } },
  how: { nameOfCell: (cell) => cellName(map, cell) },
}

const program: RacedProgram = {
  claim: 'Memory that says that it is a breaker is one, whole; and what is none any more is not taken for one.',
  cases: () => [created],
}

export default program
