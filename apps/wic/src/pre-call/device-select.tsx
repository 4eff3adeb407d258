/**
 * A choice of devices, where there is one.
 *
 * @module
 */
import type { Device } from '@wicgate/wic-sdk';
import { ChevronDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export interface DeviceSelectProps {
  readonly name: string;
  readonly devices: readonly Device[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

export function DeviceSelect({ name, devices, chosen, onChoose }: DeviceSelectProps): ReactNode {
  const [id, note] = [useId(), useId()];
  if (devices.length < 2) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-[0.9375rem]">
        {name}
      </label>
      <span className="relative">
        <select
          id={id}
          aria-describedby={note}
          value={chosen ?? devices[0]?.id}
          onChange={(event) => onChoose(event.target.value)}
          className="h-11 w-full appearance-none truncate rounded-xl border border-edge bg-card pr-10 pl-3 text-base"
        >
          {devices.map((device) => (
            <option key={device.id} value={device.id}>
              {device.name}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden="true" className="pointer-events-none absolute top-3 right-3 size-5 text-soft" />
      </span>
      <p id={note} className="text-sm text-soft">
        For this test. Calls use the one that your browser or computer has as its default.
      </p>
    </div>
  );
}
