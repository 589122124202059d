import { Checkbox, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '@/components/loaded'
import { fitQuery, useTick } from './api'

type Props = { campaignId: string; templateId: string; onDone: () => void }

/** What a person compares by eye; remembered, and the plan is made again once all is ticked. */
export function CampaignChecklist({ campaignId, templateId, onDone }: Props) {
  const query = useQuery(fitQuery(campaignId, templateId))
  const tick = useTick(campaignId, templateId)
  return (
    <Loaded query={query} rows={2}>
      {({ checklist }) => (
        <Stack gap={6} my="xs" role="group" aria-label="Compared in Woodpecker">
          {checklist.map(({ code, sentence, ticked }) => (
            <Checkbox
              key={code}
              size="sm"
              label={sentence}
              checked={ticked}
              disabled={tick.isPending}
              onChange={(event) => {
                const others = checklist
                  .filter((each) => each.ticked && each.code !== code)
                  .map((each) => each.code)
                tick.mutate(event.currentTarget.checked ? [...others, code] : others, {
                  onSuccess: (fit) => {
                    if (fit.checklist.every((each) => each.ticked)) onDone()
                  },
                })
              }}
            />
          ))}
        </Stack>
      )}
    </Loaded>
  )
}
