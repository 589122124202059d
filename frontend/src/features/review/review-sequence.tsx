import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, lazy, useRef, useState } from 'react'
import type { SequenceShown, SnippetShapeBody } from '@/api'
import { Loaded } from '@/components/loaded'
import { usePageKeys } from '@/lib/page-keys'
import { useMay } from '@/lib/session'
import { reviewLeadQuery, sequenceQuery, shapeQuery } from './api'
import { BeingWritten } from './being-written'
import { ConflictPanel } from './conflict-panel'
import { DecisionBar, type View } from './decision-bar'
import { SnippetCard } from './snippet-card'
import { useDecisions } from './use-decisions'
import { type Draft, useDraft } from './use-draft'

const Dialogs = lazy(async () => ({ default: (await import('./dialogs')).Dialogs }))
const Preview = lazy(async () => ({ default: (await import('./preview')).Preview }))

export type Dialog = 'reject' | 'regenerate' | 'versions'
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
  const draft = useDraft(sequence)
  const { store, state } = draft
  const mayWork = useMay('work')
  const lead = useQuery(reviewLeadQuery(sequence.lead_id)).data
  const [{ view, dialog }, setView, setDialog] = useLooks(sequence.id)
  const texts = useRef<HTMLDivElement>(null)
  const shown = state.server
  const writing = lead?.status === 'generating'
  const decidable = mayWork && !writing && shown.status !== 'exported' && state.phase !== 'conflict'
  const decide = useDecisions(store, { id: sequence.id, ids, decidable, onShow })
  const toggle = (which: View) => setView(view === which ? 'edit' : which)
  const open = (which: Dialog) => {
    if (decidable || which === 'versions') setDialog(which)
  }
  const backToModel = () => {
    if (!decidable) return
    for (const { number, original_text } of shown.snippets) store.type(number, original_text)
  }
  const edit = () => {
    setView('edit')
    // After the texts are there again, in case the preview stood in their place.
    requestAnimationFrame(() => texts.current?.querySelector('textarea')?.focus())
  }
  usePageKeys('sequence', [
    { key: 'a', does: 'Approve and go on', action: () => void decide.approve() },
    { key: 'r', does: 'Send back, with a reason', action: () => open('reject') },
    { key: 'e', does: 'Edit the texts', action: edit },
    { key: 'u', does: 'Back to the model’s words', action: backToModel },
    { key: 'g', does: 'Write anew, with an instruction', action: () => open('regenerate') },
    { key: 'd', does: 'Show or hide what was changed', action: () => toggle('changes') },
    { key: 'p', does: 'Show as the receiver sees it, or edit again', action: () => toggle('preview') },
    { key: 'v', does: 'Earlier versions', action: () => open('versions') },
    { key: 'mod+z', action: () => store.undo() },
    { key: 'mod+shift+z', action: () => store.redo() },
  ])
  return (
    <div>
      <Stack gap="sm" ref={texts}>
        {writing ? <BeingWritten /> : null}
        {state.phase === 'conflict' && state.theirs ? (
          <ConflictPanel
            key={sequence.id}
            mine={state.edits}
            theirs={state.theirs}
            onSettle={(stands, over) => store.settleClash(stands, over)}
          />
        ) : null}
        {view === 'preview' ? (
          <Suspense>
            <Preview key={sequence.id} sequence={shown} texts={state.edits} lead={lead} />
          </Suspense>
        ) : (
          <Snippets draft={draft} changes={view === 'changes'} readOnly={!decidable} />
        )}
        <DecisionBar
          draft={draft}
          view={view}
          decidable={decidable}
          onApprove={() => void decide.approve()}
          onOpen={open}
          onView={toggle}
        />
      </Stack>
      <Suspense>
        {dialog ? (
          <Dialogs
            which={dialog}
            sequence={shown}
            before={() => store.flush()}
            mayRestore={decidable}
            onClose={() => setDialog(null)}
            onReject={(reason) => {
              setDialog(null)
              void decide.reject(reason)
            }}
          />
        ) : null}
      </Suspense>
    </div>
  )
}

type Looks = { of: string; view: View; dialog: Dialog | null }

/** How this sequence is looked at; the next one begins as texts to edit. What is drawn stays from one to the next, which is quicker
 *  than drawing it anew: so it is the state that says whose it is. */
function useLooks(id: string): [Looks, (view: View) => void, (dialog: Dialog | null) => void] {
  const [kept, keep] = useState<Looks>({ of: id, view: 'edit', dialog: null })
  const looks: Looks = kept.of === id ? kept : { of: id, view: 'edit', dialog: null }
  return [looks, (view) => keep({ ...looks, view }), (dialog) => keep({ ...looks, dialog })]
}

function Snippets({ draft, changes, readOnly }: { draft: Draft; changes: boolean; readOnly: boolean }) {
  const { store, state } = draft
  const shape = useShape(state.server)
  return state.server.snippets.map((snippet) => (
    <SnippetCard
      key={snippet.number}
      snippet={snippet}
      shape={shape.find(({ number }) => number === snippet.number)}
      text={state.edits[snippet.number] ?? snippet.text}
      changes={changes}
      readOnly={readOnly}
      onType={(text) => store.type(snippet.number, text)}
      onUndo={() => store.undo()}
      onRedo={() => store.redo()}
    />
  ))
}

const NO_SHAPE: SnippetShapeBody[] = []

/** The limits of the template version that the sequence was written to; none for one that came with the list. */
function useShape({ template_id: id, template_version: version }: SequenceShown): SnippetShapeBody[] {
  const query = useQuery({ ...shapeQuery(id ?? '', version ?? 0), enabled: id !== null && version !== null })
  return query.data ?? NO_SHAPE
}
