import type { StrategyName } from './options.js'
import { Dpor } from './strategies/dpor.js'
import { Pct } from './strategies/pct.js'
import { PreemptionBounded } from './strategies/preemption-bounded.js'
import { RandomWalk } from './strategies/random.js'
import { Replay } from './strategies/replay.js'
import { Stateful } from './strategies/stateful.js'
import type { Search, Strategy } from './strategy.js'

export const strategies: Record<StrategyName, new (search: Search) => Strategy> = {
  dpor: Dpor,
  stateful: Stateful,
  'preemption-bounded': PreemptionBounded,
  pct: Pct,
  random: RandomWalk,
  replay: Replay,
}
