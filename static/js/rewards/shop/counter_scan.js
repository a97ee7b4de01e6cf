// Reading a plate's code with the camera, by the browser's own BarcodeDetector. Browsers without it keep the field: a scanner
// gun or a pasted address does the same.

const EVERY = 200; // milliseconds between two looks

export async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  try {
    return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

export class Scanner {
  constructor(video) {
    this.video = video;
    this.stream = null;
  }

  get running() {
    return Boolean(this.stream);
  }

  // Resolves with the first text read, or with "" when it was stopped. Throws when the camera may not be used.
  async read() {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    while (this.stream) {
      const [code] = await detector.detect(this.video).catch(() => []);
      if (code) {
        this.stop();
        return code.rawValue;
      }
      await new Promise((done) => setTimeout(done, EVERY));
    }
    return "";
  }

  stop() {
    for (const track of this.stream?.getTracks() || []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }
}
