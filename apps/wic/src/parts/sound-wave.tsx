/**
 * Two people and the sound between them. A picture only: it says nothing that the text does not.
 *
 * @module
 */
import type { ReactNode } from 'react';

/** Heights of the bars between the two, out of 100: speech, swelling and fading twice, as the mark does. */
const bars = [12, 24, 44, 68, 92, 66, 40, 56, 80, 100, 80, 56, 40, 66, 92, 68, 44, 24, 12];

const [left, right, middle] = [90, 470, 190] as const;

export function SoundWave(): ReactNode {
  return (
    <svg
      viewBox="0 0 560 380"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
      className="size-full"
    >
      {[left, right].map((cx) => (
        <g key={cx} className="fill-none stroke-teal-200">
          <circle cx={cx} cy={middle} r="84" strokeWidth="1.5" opacity="0.4" />
          <circle cx={cx} cy={middle} r="116" strokeWidth="1.5" opacity="0.24" />
          <circle cx={cx} cy={middle} r="150" strokeWidth="1.5" opacity="0.14" />
          <circle cx={cx} cy={middle} r="186" strokeWidth="1.5" opacity="0.07" />
        </g>
      ))}
      {bars.map((height, index) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never move
          key={index}
          x1={181 + index * 11}
          x2={181 + index * 11}
          y1={middle - height * 0.6}
          y2={middle + height * 0.6}
          strokeWidth="5"
          strokeLinecap="round"
          className={index % 2 === 0 ? 'stroke-teal-300' : 'stroke-teal-100/50'}
        />
      ))}
      <Person cx={left} />
      <Person cx={right} />
    </svg>
  );
}

function Person({ cx }: { readonly cx: number }): ReactNode {
  return (
    <g>
      <circle cx={cx} cy={middle} r="54" className="fill-teal-50" />
      <circle cx={cx} cy={middle - 14} r="17" className="fill-teal-800" />
      <path d={`M${cx - 30} ${middle + 33}a30 26 0 0 1 60 0z`} className="fill-teal-800" />
    </g>
  );
}
