import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import * as cockatiel from 'cockatiel'
import Opossum from 'opossum'

const require = createRequire(import.meta.url)
const page = readFileSync(new URL('../../../docs/migrating.md', import.meta.url), 'utf8')

/** What stands in the first cell of a row of the tables under a heading of the second level. */
function rowsUnder(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '')
}

function missing(heading: string, names: Iterable<string>): string[] {
  const rows = new Set(rowsUnder(heading))
  return [...new Set(names)].filter((name) => !rows.has(name))
}

function matches(text: string, expression: RegExp): string[] {
  return [...text.matchAll(expression)].map(([, name]) => name ?? '')
}

/** The public names of a class that its own prototype has. */
function membersOf(type: { prototype: object }): string[] {
  return Object.getOwnPropertyNames(type.prototype).filter((name) => name !== 'constructor' && !name.startsWith('_'))
}

describe('docs/migrating.md, from opossum', () => {
  const source = readFileSync(require.resolve('opossum/lib/circuit.js'), 'utf8')
  const types = readFileSync(require.resolve('@types/opossum/index.d.ts'), 'utf8')

  it('names every option, of the typings and of the release itself', () => {
    const typed = /interface Options[^{]*\{([\s\S]*?)\n {4}\}/.exec(types)?.[1] ?? ''
    const options = [...matches(typed, /^ {8}(\w+)\?:/gm), ...matches(source, /\boptions\.(\w+)/g)]
    expect(options).to.include.members(['volumeThreshold', 'coalesceResetOn', 'state'])
    // The first is where opossum keeps its own cache, the second an option of newStatus.
    const others = ['coalesceCache', 'stats']
    const named = options.filter((option) => !others.includes(option))
    expect(missing('From opossum', named)).to.deep.equal([])
  })

  it('names every method and property', () => {
    const statics = Object.getOwnPropertyNames(Opossum).filter(
      (name) => !['length', 'name', 'prototype'].includes(name),
    )
    // Of Node's EventEmitter, from which opossum inherits.
    const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(Opossum))
    const own = statics.filter((name) => !inherited.includes(name) && name !== 'default')
    expect([...own, ...membersOf(Opossum)]).to.include.members(['isOurError', 'fire', 'healthCheck'])
    expect(missing('From opossum', [...own, ...membersOf(Opossum)])).to.deep.equal([])
  })

  it('names every event and every code', () => {
    const events = [...matches(source, /emit\('(\w+)'/g), ...matches(types, /on\(event: "(\w+)"/g)]
    const codes = matches(source, /'(E[A-Z]+)'/g)
    expect([...events, ...codes]).to.include.members(['halfOpen', 'snapshot', 'ESEMLOCKED'])
    expect(missing('From opossum', [...events, ...codes])).to.deep.equal([])
  })
})

describe('docs/migrating.md, from cockatiel', () => {
  const folder = dirname(require.resolve('cockatiel'))
  const declarations = (file: string) => readFileSync(join(folder, file), 'utf8')

  it('names everything that it exports', () => {
    const names = Object.keys(require('cockatiel')).filter((name) => !name.startsWith('__'))
    expect(names).to.include.members(['circuitBreaker', 'SamplingBreaker', 'isBrokenCircuitError'])
    expect(missing('From cockatiel', names)).to.deep.equal([])
  })

  it('names every option of a circuit, its windows, its waits and its timeout', () => {
    const files = [
      'CircuitBreakerPolicy.d.ts',
      'TimeoutPolicy.d.ts',
      ...['ConsecutiveBreaker', 'CountBreaker', 'SamplingBreaker'].map((name) => `breaker/${name}.d.ts`),
      'backoff/ExponentialBackoff.d.ts',
    ]
    const options = files.flatMap((file) =>
      matches(declarations(file), /interface I\w*Options[^{]*\{([\s\S]*?)\n\}/g).flatMap((fields) =>
        matches(fields, /^ {4}(\w+)\??:/gm),
      ),
    )
    expect(options).to.include.members(['halfOpenAfter', 'minimumRps', 'abortOnReturn', 'maxDelay'])
    expect(missing('From cockatiel', options)).to.deep.equal([])
  })

  it('names every method, property and event of its circuit, timeout and bulkhead', () => {
    const { CircuitBreakerPolicy, TimeoutPolicy, BulkheadPolicy } = cockatiel
    const files = ['CircuitBreakerPolicy.d.ts', 'TimeoutPolicy.d.ts', 'BulkheadPolicy.d.ts']
    const events = files.flatMap((file) => matches(declarations(file), /readonly (on\w+): /g))
    const hidden = files.flatMap((file) => matches(declarations(file), /private (\w+);/g))
    const members = [CircuitBreakerPolicy, TimeoutPolicy, BulkheadPolicy].flatMap(membersOf)
    expect([...members, ...events]).to.include.members(['isolate', 'onBreak', 'onTimeout', 'queueSlots'])
    const named = [...members, ...events].filter((name) => !hidden.includes(name))
    expect(missing('From cockatiel', named)).to.deep.equal([])
  })
})
