import { Button, Collapse, Group, Input, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Suspense, lazy } from 'react'
import type { ContentBody } from '@/api'
import { Loaded } from '@/components/loaded'
import { templateContentQuery } from './api'

const ShapeTable = lazy(async () => ({ default: (await import('@/components/shape-table')).ShapeTable }))

type Props = {
  templateId: string
  value: ContentBody | null
  onChange: (content: ContentBody | null) => void
}

/** The template changed for this run only: it stays as it is, and the run keeps what it was given. */
export function SessionChanges({ templateId, value, onChange }: Props) {
  const [isOpen, { toggle }] = useDisclosure(false)
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? 'Hide the template' : 'Change the template for this run only'}
        </Button>
        {value ? (
          <>
            <Text fz="sm">Changed for this run</Text>
            <Button variant="subtle" size="compact-sm" color="gray" onClick={() => onChange(null)}>
              Back to the template
            </Button>
          </>
        ) : null}
      </Group>
      <Collapse expanded={isOpen}>
        {isOpen ? <Texts templateId={templateId} value={value} onChange={onChange} /> : null}
      </Collapse>
    </Stack>
  )
}

function Texts({ templateId, value, onChange }: Props) {
  const query = useQuery(templateContentQuery(templateId))
  return (
    <Loaded query={query} rows={4}>
      {(stored) => {
        const content = value ?? stored
        const set = (part: Partial<ContentBody>) => onChange({ ...content, ...part })
        return (
          <Stack gap="sm">
            <Textarea
              label="What we sell"
              description="Facts only: what is not said here, must not appear in a text"
              value={content.brief.product ?? ''}
              onChange={(e) => set({ brief: { ...content.brief, product: e.currentTarget.value } })}
              autosize
              minRows={2}
              maxRows={8}
            />
            <Textarea
              label="Instructions"
              value={content.system_text}
              onChange={(e) => set({ system_text: e.currentTarget.value })}
              autosize
              minRows={4}
              maxRows={14}
            />
            <Textarea
              label="What is said of the person"
              value={content.person_text}
              onChange={(e) => set({ person_text: e.currentTarget.value })}
              autosize
              minRows={3}
              maxRows={10}
            />
            <Input.Wrapper label="The texts of a sequence" labelElement="div">
              <Suspense>
                <ShapeTable shape={content.shape} readOnly={false} onChange={(shape) => set({ shape })} />
              </Suspense>
            </Input.Wrapper>
          </Stack>
        )
      }}
    </Loaded>
  )
}
