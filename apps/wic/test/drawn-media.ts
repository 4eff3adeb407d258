/**
 * A microphone and a camera that every machine has: silence, and a drawing that moves.
 *
 * @module
 */
import type { OpenMedia } from '@wicgate/wic-react/testing';

const [width, height, framesPerSecond] = [960, 720, 15];

/** Media of somebody whose picture is drawn in shades of `hue` (0 to 360). */
export function drawnMedia(hue: number): OpenMedia {
  return async ({ video }) => {
    const audio = new AudioContext().createMediaStreamDestination().stream;
    return new MediaStream([...audio.getTracks(), ...(video ? drawPerson(hue).getTracks() : [])]);
  };
}

function drawPerson(hue: number): MediaStream {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  const stream = canvas.captureStream(framesPerSecond);
  let frame = 0;
  const timer = setInterval(() => {
    if (stream.getTracks().every((track) => track.readyState === 'ended')) clearInterval(timer);
    if (context !== null) drawFrame(context, hue, frame++);
  }, 1000 / framesPerSecond);
  return stream;
}

function drawFrame(context: CanvasRenderingContext2D, hue: number, frame: number): void {
  const sway = Math.sin(frame / 9) * 14;
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, `hsl(${hue} 35% 72%)`);
  wall.addColorStop(1, `hsl(${hue} 40% 38%)`);
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `hsl(${hue} 45% 24%)`;
  context.beginPath();
  context.ellipse(width / 2 + sway, height + 60, 300, 330, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = 'hsl(24 45% 68%)';
  context.beginPath();
  context.ellipse(width / 2 + sway * 1.6, 310, 120, 150, 0, 0, 2 * Math.PI);
  context.fill();
}
