/** The shortcodes people write most; an unknown one stays the text it is. */

const NAMES = `
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 rofl 🤣 laughing 😆 wink 😉 blush 😊 slightly_smiling_face 🙂 simple_smile 🙂
upside_down_face 🙃 innocent 😇 heart_eyes 😍 thinking_face 🤔 neutral_face 😐 expressionless 😑 confused 😕 cry 😢 sob 😭
sweat_smile 😅 sweat 😓 scream 😱 flushed 😳 sleeping 😴 sunglasses 😎 nerd_face 🤓 rage 😡 face_with_rolling_eyes 🙄
facepalm 🤦 shrug 🤷 raising_hand 🙋 wave 👋 pray 🙏 clap 👏 raised_hands 🙌 muscle 💪 ok_hand 👌 point_up ☝️ point_right 👉
point_left 👈 point_down 👇 crossed_fingers 🤞 handshake 🤝 thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 v ✌️ eyes 👀 brain 🧠
heart ❤️ green_heart 💚 blue_heart 💙 broken_heart 💔 sparkles ✨ star ⭐ star2 🌟 fire 🔥 boom 💥 zap ⚡ tada 🎉
confetti_ball 🎊 trophy 🏆 100 💯 rocket 🚀 ship 🚢 bug 🐛 beetle 🪲 turtle 🐢 snail 🐌 cat 🐱 dog 🐶 unicorn_face 🦄 robot_face 🤖
ghost 👻 skull 💀 coffee ☕ tea 🍵 beer 🍺 beers 🍻 pizza 🍕 cake 🍰 birthday 🎂 cookie 🍪 popcorn 🍿 sunny ☀️ sunrise 🌅
partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ umbrella ☂️ snowflake ❄️ rainbow 🌈 earth_africa 🌍 calendar 📅 date 📅
spiral_calendar_pad 🗓️ clock830 🕣 alarm_clock ⏰ hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ bell 🔔 no_bell 🔕
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ heavy_multiplication_x ✖️ no_entry ⛔ no_entry_sign 🚫
warning ⚠️ rotating_light 🚨 construction 🚧 question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ bangbang ‼️
information_source ℹ️ red_circle 🔴 large_blue_circle 🔵 large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠
white_circle ⚪ black_circle ⚫ large_green_square 🟩 large_red_square 🟥 triangular_flag_on_post 🚩 checkered_flag 🏁 lock 🔒
unlock 🔓 key 🔑 mag 🔍 bulb 💡 memo 📝 pencil ✏️ pencil2 ✏️ book 📖 notebook 📓 ledger 📒 books 📚 bookmark 🔖 link 🔗
paperclip 📎 pushpin 📌 round_pushpin 📍 clipboard 📋 page_facing_up 📄 file_folder 📁 package 📦 email 📧 envelope ✉️
inbox_tray 📥 outbox_tray 📤 speech_balloon 💬 thought_balloon 💭 mega 📣 loudspeaker 📢 telephone_receiver 📞 computer 💻
wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ test_tube 🧪 microscope 🔬 bar_chart 📊 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 moneybag 💰 gift 🎁 dart 🎯 art 🎨 musical_note 🎵 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️
arrow_down ⬇️ arrows_counterclockwise 🔄 leftwards_arrow_with_hook ↩️ heavy_plus_sign ➕ heavy_minus_sign ➖ recycle ♻️
one 1️⃣ two 2️⃣ three 3️⃣ see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 bow 🙇 salute 🫡 saluting_face 🫡 melting_face 🫠
woman-shrugging 🤷‍♀️ man-shrugging 🤷‍♂️ hatching_chick 🐣 ferry ⛴️ partying_face 🥳 fish 🐟 duck 🦆 elephant 🐘 scroll 📜 wedding 💒 grimacing 😬 rewind ⏪ mute 🔇
cold_face 🥶 sun_with_face 🌞 dog2 🐕 open_mouth 😮 tooth 🦷 notes 🎶 tophat 🎩 compass 🧭 world_map 🗺️ seedling 🌱 evergreen_tree 🌲 fallen_leaf 🍂 sleepy 😪 hugging_face 🤗
`;

const words = NAMES.trim().split(/\s+/);
const EMOJI = new Map();
for (let at = 0; at < words.length; at += 2) EMOJI.set(words[at], words[at + 1]);

/** What one may react with at a press. */
export const QUICK = ["+1", "white_check_mark", "eyes", "tada", "heart", "joy", "thinking_face", "pray", "rocket", "fire", "wave", "x"];

/** @param {string} name without colons @returns {string|null} */
export function emoji(name) {
  return EMOJI.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}
