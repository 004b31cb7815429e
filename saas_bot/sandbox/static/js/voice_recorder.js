/** Formats by preference: Telegram's own first, then what browsers can do. */
const formats = [
  { type: "audio/ogg;codecs=opus", extension: "ogg" },
  { type: "audio/webm;codecs=opus", extension: "webm" },
  { type: "audio/mp4", extension: "m4a" },
];

/** Whether this browser lets this page record: it must know how, and trust the address (HTTPS, or this machine). */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
}

/** One recording from the microphone, from its making on. */
export class VoiceRecording {
  #stream;
  #recorder;
  #format;
  #chunks = [];
  #began = performance.now();

  /**
   * Asks for the microphone and begins.
   * @returns {Promise<VoiceRecording>} rejects with a DOMException where there is none, or it is refused
   */
  static async begin() {
    return new VoiceRecording(await navigator.mediaDevices.getUserMedia({ audio: true }));
  }

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.#stream = stream;
    this.#format = formats.find(({ type }) => MediaRecorder.isTypeSupported(type)) ?? { extension: "bin" };
    this.#recorder = new MediaRecorder(stream, { mimeType: this.#format.type });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#chunks.push(data));
    this.#recorder.start();
  }

  /** How long it has been going on, in seconds. */
  get seconds() {
    return (performance.now() - this.#began) / 1000;
  }

  /**
   * Ends it.
   * @returns {Promise<{file: File, duration: number}>} duration in whole seconds, at least one
   */
  async finish() {
    const duration = Math.max(1, Math.round(this.seconds));
    await this.#stop();
    const [type] = this.#recorder.mimeType.split(";");
    return { file: new File(this.#chunks, `voice.${this.#format.extension}`, { type }), duration };
  }

  /** Ends it and forgets what was said. */
  cancel() {
    this.#stop();
  }

  async #stop() {
    if (this.#recorder.state !== "inactive") { // as it is when the microphone has been pulled out
      const stopped = new Promise((resolve) => { this.#recorder.addEventListener("stop", resolve, { once: true }); });
      this.#recorder.stop();
      await stopped;
    }
    for (const track of this.#stream.getTracks()) track.stop();
  }
}
