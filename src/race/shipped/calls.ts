import { State, stateOf } from '../../breaker/life/control-word.js'
import type { BreakerAct } from './breaker-program.js'

/** How a call ends: fails, succeeds, is released; or as the explorer draws. */
export type Ending = 'F' | 'S' | 'I' | '?'

/** Calls one after another, a letter each; returns what became of them, a letter each: small for a stale one, − if refused. */
export function calls(endings: string): BreakerAct {
  const wanted = [...endings] as Ending[]
  return ({ circuit, world }) => {
    let became = ''
    for (const ending of wanted) {
      const permission = circuit.tryAcquire()
      if (permission === 0) {
        became += '-'
        continue
      }
      if (refuses(circuit.calls.lifeOf(permission))) throw new Error('a permission was given by a life that gives none')
      if (circuit.calls.isProbe(permission)) became += 'P'
      const drawn = ending === '?' ? (world.random() < 0.5 ? 'F' : 'S') : ending
      const applied = report(circuit, permission, drawn)
      became += applied ? drawn : drawn.toLowerCase()
    }
    return became
  }
}

function refuses(life: number): boolean {
  return stateOf(life) === State.open || stateOf(life) === State.forcedOpen
}

function report(circuit: Parameters<BreakerAct>[0]['circuit'], permission: number, ending: string): boolean {
  if (ending === 'F') return circuit.fail(permission)
  return ending === 'S' ? circuit.succeed(permission) : circuit.release(permission)
}
