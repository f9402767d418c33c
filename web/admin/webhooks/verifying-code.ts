/*
 * How a receiver verifies what we send (Standard Webhooks 1.0): whole programs that need nothing but the language. Each
 * reads the secret from WEBHOOK_SECRET and listens on port 4000.
 */
export type Program = { language: string; file: string; code: string }

const node: Program = {
  language: 'Node.js',
  file: 'receiver.mjs',
  code: `import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace('whsec_', ''), 'base64')

function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false // too old to be fresh
  const wanted = createHmac('sha256', key).update(\`\${id}.\${time}.\`).update(body).digest()
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64')
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}

createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks) // the bytes as they came: parse them after verifying
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end()
  response.writeHead(204).end() // answer at once, work afterwards
  const activity = JSON.parse(body)
  console.log(activity.action, activity.entity.id)
}).listen(process.env.PORT ?? 4000)
`,
}

const python: Program = {
  language: 'Python',
  file: 'receiver.py',
  code: `import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))


def is_genuine(headers, body):
    timestamp = headers.get("webhook-timestamp", "0")
    if abs(time.time() - int(timestamp)) > 300:  # too old to be fresh
        return False
    signed = f"{headers.get('webhook-id')}.{timestamp}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(given, wanted) for given in signatures)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        # The bytes as they came: parse them after verifying.
        body = self.rfile.read(int(self.headers["content-length"]))
        genuine = is_genuine(self.headers, body)
        self.send_response(204 if genuine else 401)  # answer at once, work afterwards
        self.end_headers()
        if genuine:
            activity = json.loads(body)
            print(activity["action"], activity["entity"]["id"], flush=True)


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 4000))), Receiver).serve_forever()
`,
}

const go: Program = {
  language: 'Go',
  file: 'receiver.go',
  code: `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func isGenuine(key []byte, header http.Header, body []byte) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > 300 { // too old to be fresh
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	wanted := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(wanted)) {
			return true
		}
	}
	return false
}

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body) // the bytes as they came: parse them after verifying
		if err != nil || !isGenuine(key, r.Header, body) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var activity struct {
			Action string
			Entity struct{ ID int64 }
		}
		if err := json.Unmarshal(body, &activity); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent) // answer at once, work afterwards
		fmt.Println(activity.Action, activity.Entity.ID)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "4000"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
`,
}

const php: Program = {
  language: 'PHP',
  file: 'receiver.php',
  code: `<?php
// WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:4000 receiver.php

function is_genuine(string $key, array $server, string $body): bool
{
    $id = $server['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '0';
    if (abs(time() - (int) $timestamp) > 300) {
        return false; // too old to be fresh
    }
    $wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        if (hash_equals($wanted, $given)) {
            return true;
        }
    }
    return false;
}

$key = base64_decode(preg_replace('/^whsec_/', '', getenv('WEBHOOK_SECRET')));
$body = file_get_contents('php://input'); // JSON, as it came: it is not in $_POST
if (!is_genuine($key, $_SERVER, $body)) {
    http_response_code(401);
    exit;
}
http_response_code(204); // answer at once, work afterwards
$activity = json_decode($body);
error_log("$activity->action {$activity->entity->id}");
`,
}

const ruby: Program = {
  language: 'Ruby',
  file: 'config.ru',
  code: `# gem install rack rackup webrick && rackup -p 4000
require "json"
require "openssl"

KEY = ENV.fetch("WEBHOOK_SECRET").delete_prefix("whsec_").unpack1("m")

def genuine?(env, body)
  id, timestamp = env.values_at("HTTP_WEBHOOK_ID", "HTTP_WEBHOOK_TIMESTAMP")
  return false if (Time.now.to_i - timestamp.to_i).abs > 300 # too old to be fresh

  digest = OpenSSL::HMAC.digest("SHA256", KEY, "#{id}.#{timestamp}.".b + body)
  wanted = "v1,#{[digest].pack("m0")}"
  env.fetch("HTTP_WEBHOOK_SIGNATURE", "").split.any? { |given| OpenSSL.secure_compare(given, wanted) }
end

run(lambda do |env|
  body = env["rack.input"].read.b # the bytes as they came: parse them after verifying
  next [401, {}, []] unless genuine?(env, body)

  activity = JSON.parse(body)
  puts "#{activity["action"]} #{activity["entity"]["id"]}"
  [204, {}, []] # answer at once, work afterwards
end)
`,
}

/** With the shared secret of `v1`. */
export const sharedSecretPrograms: Program[] = [node, python, go, php, ruby]

/** With the public key of `v1a`, in languages that bring Ed25519 along. */
export const publicKeyPrograms: Program[] = [
  {
    language: 'Node.js',
    file: 'receiver.mjs',
    code: node.code
      .replace('createHmac, timingSafeEqual', 'createPublicKey, verify')
      .replace(
        "const key = Buffer.from(process.env.WEBHOOK_SECRET.replace('whsec_', ''), 'base64')",
        `// The public key, as an Ed25519 key in DER.
const raw = Buffer.from(process.env.WEBHOOK_PUBLIC_KEY.replace('whpk_', ''), 'base64')
const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
const key = createPublicKey({ key: der, format: 'der', type: 'spki' })`,
      )
      .replace(
        / {2}const wanted = [\s\S]*?\n {2}\}\)\n/,
        `  const signed = Buffer.concat([Buffer.from(\`\${id}.\${time}.\`), body])
  return signatures.split(' ').some((signature) =>
    signature.startsWith('v1a,') && verify(null, signed, key, Buffer.from(signature.slice(4), 'base64')))
`,
      ),
  },
  {
    language: 'Go',
    file: 'receiver.go',
    code: go.code
      .replace('\t"crypto/hmac"\n\t"crypto/sha256"\n', '\t"crypto/ed25519"\n')
      .replace('key []byte', 'key ed25519.PublicKey')
      .replace(/\tmac := [\s\S]*?\n\tfor /, '\tsigned := fmt.Appendf(nil, "%s.%s.%s", id, timestamp, body)\n\tfor ')
      .replace(
        'if hmac.Equal([]byte(given), []byte(wanted)) {',
        'signature, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(given, "v1a,"))\n\t\tif err == nil && ed25519.Verify(key, signed, signature) {',
      )
      .replace('os.Getenv("WEBHOOK_SECRET"), "whsec_"', 'os.Getenv("WEBHOOK_PUBLIC_KEY"), "whpk_"')
      .replace(
        'if err != nil {\n\t\tlog.Fatal(err)',
        'if err != nil || len(key) != ed25519.PublicKeySize {\n\t\tlog.Fatal("WEBHOOK_PUBLIC_KEY: ", err)',
      ),
  },
  {
    language: 'PHP',
    file: 'receiver.php',
    code: php.code
      .replace('WEBHOOK_SECRET=whsec_…', 'WEBHOOK_PUBLIC_KEY=whpk_…')
      .replace("    $wanted = 'v1,' . base64_encode(hash_hmac('sha256', \"$id.$timestamp.$body\", $key, true));\n", '')
      .replace(
        'if (hash_equals($wanted, $given)) {',
        "$signature = str_starts_with($given, 'v1a,') ? base64_decode(substr($given, 4)) : '';\n        if (strlen($signature) === 64 && sodium_crypto_sign_verify_detached($signature, \"$id.$timestamp.$body\", $key)) {",
      )
      .replace(
        "preg_replace('/^whsec_/', '', getenv('WEBHOOK_SECRET'))",
        "preg_replace('/^whpk_/', '', getenv('WEBHOOK_PUBLIC_KEY'))",
      ),
  },
]
