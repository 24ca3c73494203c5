import type { Call } from '../../explore/program.js'
import type { BreakerAct, End } from './breaker-program.js'
import type { BreakerAction, BreakerResult, Permission } from './breaker-specification.js'

/** Calls one after another, a letter each (F fails, S succeeds), every acquire and report of them marked for the history. */
export function markedCalls(endings: string): BreakerAct {
  return (end, call) => {
    for (const [at, ending] of [...endings].entries()) {
      const id = `${end.world.thread}.${at}`
      const { permission, given } = acquire(end, call, id)
      if (given === 'refused') continue
      const does = ending === 'F' ? 'fail' : 'succeed'
      call<BreakerResult>({ does, permission: given, id } satisfies BreakerAction, () => {
        const applied = does === 'fail' ? end.circuit.fail(permission) : end.circuit.succeed(permission)
        return applied ? 'applied' : 'stale'
      })
    }
  }
}

function acquire({ circuit }: End, call: Call, id: string): { permission: number; given: Permission | 'refused' } {
  let permission = 0
  const given = call<Permission | 'refused'>({ does: 'acquire', id } satisfies BreakerAction, () => {
    permission = circuit.tryAcquire()
    if (permission === 0) return 'refused'
    const epoch = circuit.words.sequenceOf(circuit.calls.lifeOf(permission))
    return { epoch, probe: circuit.calls.isProbe(permission) }
  })
  return { permission, given }
}
