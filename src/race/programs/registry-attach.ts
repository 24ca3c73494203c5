import {
  initializeRegistry,
  REGISTRY_MAGIC,
  RegistryHeader,
  readDefaults,
  readRegistry,
} from '../../breaker/registry/registry-map.js'
import { resolveRegistryOptions } from '../../breaker/registry/registry-options.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'

/** Each number of the header is another one, and none but the state's is one of a state. */
const { map, defaults } = resolveRegistryOptions({
  capacity: 9,
  maxThreads: 8,
  defaults: {
    initialState: 'metrics-only',
    permittedNumberOfCallsInHalfOpenState: 7,
    slidingWindow: { type: 'count', size: 10 },
    maxConcurrentCalls: 11,
    eventCapacity: 32,
  },
})
const whole = JSON.stringify([map, defaults])

type Body = Program['threads'][number]

const makes: Body = (cells) => initializeRegistry(cells, map, defaults)

/** The memory is a registry, and then somebody who has nothing to do with it writes one number over. */
const makesAndSpoils: Body = (cells) => {
  initializeRegistry(cells, map, defaults)
  cells.store(RegistryHeader.capacity, map.capacity + 1)
}

function found(cells: Cells): string {
  if (cells.load(RegistryHeader.magic) !== REGISTRY_MAGIC) return 'none'
  try {
    const read = readRegistry(cells)
    return JSON.stringify([read, readDefaults(cells, read)]) === whole ? 'whole' : 'another'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

interface Made {
  readonly name: string
  readonly by: Body
  readonly cells: number
  /** What one may find who attaches meanwhile, and what is found afterwards. */
  readonly meanwhile: readonly string[]
  readonly afterwards: string
}

const half = map.size >> 1

const made: readonly Made[] = [
  { name: 'made', by: makes, cells: map.size, meanwhile: ['none', 'whole'], afterwards: 'whole' },
  {
    name: 'made in memory that is cut short',
    by: makes,
    cells: half,
    meanwhile: ['none', 'ERR_TRUNCATED'],
    afterwards: 'ERR_TRUNCATED',
  },
  {
    name: 'made, and written over',
    by: makesAndSpoils,
    cells: map.size,
    meanwhile: ['none', 'whole', 'ERR_NOT_A_BREAKER'],
    afterwards: 'ERR_NOT_A_BREAKER',
  },
]

const program: RacedProgram = {
  claim:
    'A thread attaches to a registry while it is made: there is none, or a whole one, and nothing else is taken for one.',

  cases: () =>
    made.map(
      ({ name, by, cells, meanwhile, afterwards }): RacedCase => ({
        name: `one attaches while it is ${name}`,
        effort: 'quick',
        program: { cells, threads: [by, found] },
        questions: {
          conservation: {
            check(memory, [, seen]) {
              if (!meanwhile.includes(String(seen)))
                throw new Error(`${seen} was found; allowed: ${meanwhile.join(', ')}`)
              const last = found(memory)
              if (last !== afterwards) throw new Error(`in the end ${last} is found, not ${afterwards}`)
            },
          },
        },
      }),
    ),
}

export default program
