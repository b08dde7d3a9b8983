import { add, mul, scalarOf, sub, type Tensor } from '@takt/graph'
import { mapNamed, type Named, requireSameNames } from '../named.ts'

interface Ema {
  readonly teacher: Named<Tensor>
  readonly student: Named<Tensor>
  /** Share of the teacher that is kept, a scalar: m. */
  readonly momentum: Tensor
}

/**
 * The teacher's next weights, m·teacher + (1 − m)·student: Tarvainen & Valpola, 2017; BYOL, MoCo, DINO. Written as
 * teacher + (1 − m)·(student − teacher), so that a teacher equal to its student stays so to the bit.
 */
export function ema({ teacher, student, momentum }: Ema): Named<Tensor> {
  requireSameNames("teacher's weights", teacher, student)
  const share = sub(scalarOf(momentum, 1), momentum)
  return mapNamed(teacher, (t, name) => add(t, mul(sub(student[name]!, t), share)))
}
