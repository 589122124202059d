import type { SequenceShown } from '@/api'
import { RegenerateDialog } from './regenerate-dialog'
import { RejectDialog } from './reject-dialog'
import { VersionsDialog } from './versions-dialog'

type Props = {
  which: 'reject' | 'regenerate' | 'versions'
  sequence: SequenceShown
  before: () => Promise<boolean>
  mayRestore: boolean
  onClose: () => void
  onReject: (reason: string) => void
}

/** The dialogs of one sequence: their code comes with the first that is opened. */
export function Dialogs({ which, sequence, before, mayRestore, onClose, onReject }: Props) {
  if (which === 'reject') return <RejectDialog opened onClose={onClose} onReject={onReject} />
  if (which === 'regenerate')
    return <RegenerateDialog opened sequence={sequence} before={before} onClose={onClose} />
  return <VersionsDialog sequence={sequence} before={before} mayRestore={mayRestore} onClose={onClose} />
}
