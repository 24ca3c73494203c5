import { leakingTarget } from '../../leaking-target.js'

const SESSIONS_MAX = 400
const CALLS_PER_SESSION = 40

class PooledSession {
  readonly buffer = new Array(256).fill(0)
  constructor(readonly number: number) {}
}

class Pool {
  readonly sessions: PooledSession[] = []
}

export default leakingTarget({
  name: 'leaking/innocent-pool',
  description: 'A pool that opens a session now and then, up to its cap of 400 with 2 KB each: no leak.',
  beside() {
    const pool = new Pool()
    return (call) => {
      const { length } = pool.sessions
      if (call % CALLS_PER_SESSION === 0 && length < SESSIONS_MAX) pool.sessions.push(new PooledSession(length))
    }
  },
})
