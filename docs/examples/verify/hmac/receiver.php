<?php
// WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:4000 receiver.php

function is_genuine(string $key, array $server, string $body): bool
{
    $id = $server['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '0';
    if (abs(time() - (int) $timestamp) > 300) {
        return false; // expired
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

$key = base64_decode(preg_replace('/^whsec_/', '', getenv('WEBHOOK_SECRET')));
$body = file_get_contents('php://input'); // the raw JSON, which is not in $_POST
if (!is_genuine($key, $_SERVER, $body)) {
    http_response_code(401);
    exit;
}
http_response_code(204); // respond first, then process
$activity = json_decode($body);
error_log("$activity->action {$activity->entity->id}");
