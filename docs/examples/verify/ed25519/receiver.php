<?php
// WEBHOOK_PUBLIC_KEY=whpk_… php -S 127.0.0.1:4000 receiver.php

function is_genuine(string $key, array $server, string $body): bool
{
    $id = $server['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '0';
    if (abs(time() - (int) $timestamp) > 300) {
        return false; // expired
    }
    foreach (explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        $signature = str_starts_with($given, 'v1a,') ? base64_decode(substr($given, 4)) : '';
        if (strlen($signature) === 64 && sodium_crypto_sign_verify_detached($signature, "$id.$timestamp.$body", $key)) {
            return true;
        }
    }
    return false;
}

$key = base64_decode(preg_replace('/^whpk_/', '', getenv('WEBHOOK_PUBLIC_KEY')));
$body = file_get_contents('php://input'); // the raw JSON, which is not in $_POST
if (!is_genuine($key, $_SERVER, $body)) {
    http_response_code(401);
    exit;
}
http_response_code(204); // respond first, then process
$activity = json_decode($body);
error_log("$activity->action {$activity->entity->id}");
