# gem install rack rackup webrick && rackup -p 4000
require "json"
require "openssl"

KEY = ENV.fetch("WEBHOOK_SECRET").delete_prefix("whsec_").unpack1("m")

def genuine?(env, body)
  id, timestamp = env.values_at("HTTP_WEBHOOK_ID", "HTTP_WEBHOOK_TIMESTAMP")
  return false if (Time.now.to_i - timestamp.to_i).abs > 300 # expired

  digest = OpenSSL::HMAC.digest("SHA256", KEY, "#{id}.#{timestamp}.".b + body)
  expected = "v1,#{[digest].pack("m0")}"
  env.fetch("HTTP_WEBHOOK_SIGNATURE", "").split.any? { |given| OpenSSL.secure_compare(given, expected) }
end

run(lambda do |env|
  body = env["rack.input"].read.b # the raw bytes: verify them before parsing
  next [401, {}, []] unless genuine?(env, body)

  activity = JSON.parse(body)
  puts "#{activity["action"]} #{activity["entity"]["id"]}"
  [204, {}, []] # respond first, then process
end)
