import { Stack } from '@mantine/core'
import { usePageKeys } from '@/lib/page-keys'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { SequenceShown, SnippetShapeBody } from '@/api'
import { Loaded } from '@/components/loaded'
import { useMay } from '@/lib/session'
import { sequenceQuery, shapeQuery, useApprove, useReject } from './api'
import { ConflictPanel } from './conflict-panel'
import { DecisionBar } from './decision-bar'
import { afterLeaving } from './queue'
import { RegenerateDialog } from './regenerate-dialog'
import { RejectDialog } from './reject-dialog'
import { SnippetCard } from './snippet-card'
import { useDraft } from './use-draft'

type Props = { sequenceId: string; ids: string[]; onShow: (id: string | undefined) => void }

export function ReviewSequence({ sequenceId, ids, onShow }: Props) {
  const query = useQuery(sequenceQuery(sequenceId))
  return (
    <Loaded query={query} rows={10}>
      {(sequence) => <Editor sequence={sequence} ids={ids} onShow={onShow} />}
    </Loaded>
  )
}

type EditorProps = { sequence: SequenceShown; ids: string[]; onShow: (id: string | undefined) => void }

function Editor({ sequence, ids, onShow }: EditorProps) {
  const { store, state } = useDraft(sequence)
  const approve = useApprove()
  const reject = useReject()
  const mayWork = useMay('work')
  const [dialog, setDialog] = useState<'reject' | 'regenerate' | null>(null)
  const [changes, setChanges] = useState(false)
  const shape = useShape(sequence)
  const texts = useRef<HTMLDivElement>(null)
  const shown = state.server
  const decidable = mayWork && shown.status !== 'exported' && state.phase !== 'conflict'

  const approveNow = async () => {
    if (!decidable || !(await store.flush())) return
    onShow(afterLeaving(ids, sequence.id))
    approve.mutate({ id: sequence.id, version: store.snapshot().server.version })
  }
  const rejectNow = async (reason: string) => {
    setDialog(null)
    // An edit that arrived after the decision would undo it.
    if (!(await store.flush())) return
    onShow(afterLeaving(ids, sequence.id))
    reject.mutate({ id: sequence.id, reason })
  }
  const open = (which: 'reject' | 'regenerate') => {
    if (decidable) setDialog(which)
  }
  const backToModel = () => {
    if (!decidable) return
    for (const { number, original_text } of shown.snippets) store.type(number, original_text)
  }
  const edit = () => {
    texts.current?.querySelector('textarea')?.focus()
  }
  usePageKeys([
    ['a', () => void approveNow()],
    ['r', () => open('reject')],
    ['e', edit],
    ['u', backToModel],
    ['g', () => open('regenerate')],
    ['d', () => setChanges((before) => !before)],
  ])
  return (
    <div>
      <Stack gap="sm" ref={texts}>
        {state.phase === 'conflict' && state.theirs ? (
          <ConflictPanel
            mine={state.edits}
            theirs={state.theirs}
            onKeepMine={() => store.keepMine()}
            onTakeTheirs={() => store.takeTheirs()}
          />
        ) : null}
        {shown.snippets.map((snippet) => (
          <SnippetCard
            key={snippet.number}
            snippet={snippet}
            shape={shape.find(({ number }) => number === snippet.number)}
            text={state.edits[snippet.number] ?? snippet.text}
            changes={changes}
            readOnly={!decidable}
            onType={(text) => store.type(snippet.number, text)}
          />
        ))}
        <DecisionBar
          sequence={shown}
          state={state}
          changes={changes}
          decidable={decidable}
          onApprove={() => void approveNow()}
          onReject={() => setDialog('reject')}
          onRegenerate={() => setDialog('regenerate')}
          onToggleChanges={() => setChanges(!changes)}
        />
      </Stack>
      <RejectDialog
        opened={dialog === 'reject'}
        onClose={() => setDialog(null)}
        onReject={(reason) => void rejectNow(reason)}
      />
      <RegenerateDialog
        sequence={shown}
        opened={dialog === 'regenerate'}
        onClose={() => setDialog(null)}
        before={() => store.flush()}
      />
    </div>
  )
}

const NO_SHAPE: SnippetShapeBody[] = []

/** The limits of the template version that the sequence was written to; none for one that came with the list. */
function useShape({ template_id: id, template_version: version }: SequenceShown): SnippetShapeBody[] {
  const query = useQuery({ ...shapeQuery(id ?? '', version ?? 0), enabled: id !== null && version !== null })
  return query.data ?? NO_SHAPE
}
