import { DownstreamError } from '../../downstream.js'
import { type ExhaustionCase, nobody } from '../../exhaustion-case.js'
import { UsualWork } from '../usual-work.js'

/**
 * The engine terminates workers in the middle of their calls. Their backend is down meanwhile, so that the circuit opens and
 * probes die with the threads that made them.
 */
const workerKilled: ExhaustionCase = {
  missing: () => undefined,
  open: async () => nobody,

  operation({ folder }) {
    const work = new UsualWork(folder)
    return {
      async run(isExhausted) {
        await work.run()
        if (isExhausted) throw new DownstreamError('error', 'the backend is down while its callers are terminated')
      },
      async close() {},
    }
  },
}

export default workerKilled
